import { readFile } from 'node:fs/promises';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { chromium } from 'playwright-core';
import type { SnapshotReading } from './snapshot-reading.ts';

// Chromium serves its own DevTools on the port of its debugger, the reader of heap snapshots among them.
const READER = '/devtools/entrypoints/heap_snapshot_worker/heap_snapshot_worker.js';

/** Loads each snapshot into the heap model of Chromium's DevTools. */
export async function readWithDevTools(paths: readonly string[]): Promise<SnapshotReading[]> {
  await using profile = await tempFolder();
  await using browser = await spawnProcess(process.env.MAQUE_CHROMIUM ?? '/usr/bin/chromium', [
    ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    ...['--remote-debugging-port=0', `--user-data-dir=${profile.path}`, 'about:blank'],
  ]);
  const [, port] = await browser.line(/DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//, 30_000);
  const connection = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  try {
    const page = await connection.newPage();
    await page.goto(`http://127.0.0.1:${port}/json/version`);
    const content = `import * as model from '${READER}'; globalThis.heapModel = model;`;
    await page.addScriptTag({ type: 'module', content });
    await page.waitForFunction('globalThis.heapModel');
    const readings: SnapshotReading[] = [];
    for (const path of paths) {
      const text = await readFile(path, 'utf8');
      readings.push(await page.evaluate(readInPage, text));
    }
    return readings;
  } finally {
    await connection.close();
  }
}

/** What is used of the model; its source has types, what Chromium carries has not. */
interface HeapModel {
  readonly HeapSnapshotLoader: { readonly HeapSnapshotLoader: new (dispatcher: object) => Loader };
  readonly HeapSnapshot: { readonly SecondaryInitManager: new (port: MessagePort) => unknown };
}
interface Loader {
  write(text: string): void;
  close(): void;
  buildSnapshot(port: MessagePort): Promise<Heap>;
}
interface Heap {
  readonly nodeCount: number;
  allNodes(): Items<HeapNode>;
}
interface HeapNode {
  nodeIndex: number;
  rawName(): string;
  type(): string;
  selfSize(): number;
  retainedSize(): number;
  distance(): number;
  edges(): Items<HeapEdge>;
  retainers(): Items<HeapEdge>;
}
interface HeapEdge {
  type(): string;
  name(): string;
  /** Of a retainer: the node that has the edge. */
  node(): HeapNode;
}
interface Items<Item> {
  hasNext(): boolean;
  item(): Item;
  next(): void;
}

/** Runs inside the page: reads with DevTools' own classes what DevTools shows as sizes and retainers. */
async function readInPage(text: string): Promise<SnapshotReading> {
  const { heapModel: model } = globalThis as unknown as { heapModel: HeapModel };
  const loader = new model.HeapSnapshotLoader.HeapSnapshotLoader({ sendEvent() {} });
  loader.write(text);
  loader.close();
  const channel = new MessageChannel();
  new model.HeapSnapshot.SecondaryInitManager(channel.port2);
  const heap = await loader.buildSnapshot(channel.port1);

  const classes: Record<string, [number, number, number]> = {};
  let path: string[] = [];
  for (const nodes = heap.allNodes(); nodes.hasNext(); nodes.next()) {
    const node = nodes.item();
    const name = `${node.type()} ${node.rawName()}`;
    classes[name] ??= [0, 0, 0];
    const sums = classes[name];
    sums[0] += 1;
    sums[1] += node.selfSize();
    sums[2] += node.retainedSize();
    if (name === 'object OrderBook' && has(node, 'ordersByPhone')) path = pathOf(node);
  }
  return { nodes: heap.nodeCount, classes, path };

  function has(node: HeapNode, property: string): boolean {
    for (const edges = node.edges(); edges.hasNext(); edges.next()) {
      if (edges.item().name() === property) return true;
    }
    return false;
  }

  /** Always to the retainer that is nearest to the root, the first of them. */
  function pathOf(node: HeapNode): string[] {
    let nearest: { text: string; node: HeapNode; distance: number } | null = null;
    for (const edges = node.retainers(); edges.hasNext(); edges.next()) {
      const edge = edges.item();
      const retainer = edge.node();
      const distance = retainer.distance();
      if (distance >= node.distance() || distance >= (nearest?.distance ?? Number.POSITIVE_INFINITY))
        continue;
      nearest = { text: `${node.rawName()} in ${edge.type()} ${edge.name()}`, node: retainer, distance };
    }
    return nearest === null ? [] : [nearest.text, ...pathOf(nearest.node)];
  }
}
