// node bench/snapshots/snapshot-costs.ts [MiB]: what a snapshot of each kind of heap was predicted to cost and did, and
// what the comparison of two takes. Some two minutes and 4 GiB of memory, after npm run build.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SnapshotTaken } from '@maque/guard/snapshot';
import { MiB } from '@maque/kit';
// What is installed, not its source: to strip types takes memory of its own.
import { runHelper } from '../../packages/guard/dist/snapshot/run-helper.js';

const run = promisify(execFile);
const FILLED = join(import.meta.dirname, 'filled-process.js');
// Megabytes of a heap of parsed JSON whose snapshot has about 100, 200 and 400.
const PAIRS = [45, 90, 180];

const mebibytes = Number(process.argv[2] ?? 25);
const folder = await mkdtemp(join(tmpdir(), 'maque-bench-'));
try {
  console.log(
    `| heap of ${mebibytes} MiB | nodes | blocked | memory | file | came / predicted: nodes, time, memory, file |`,
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const kind of (await filled()) as string[]) console.log(await costRow(kind));
  console.log('\n| snapshot | nodes | compared in | RSS | private |\n| --- | --- | --- | --- | --- |');
  for (const size of PAIRS) console.log(await comparisonRow(size));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function filled(...args: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--max-old-space-size=2048', FILLED, ...args]);
  return JSON.parse(stdout);
}

async function costRow(kind: string): Promise<string> {
  const taken = (await filled(kind, String(mebibytes), join(folder, 'costs'))) as SnapshotTaken;
  const { actual, predicted } = taken;
  const ratios = (['nodes', 'blockedMs', 'memory', 'file'] as const).map((part) =>
    (actual[part] / predicted[part]).toFixed(2),
  );
  const { nodes, blockedMs, memory, file } = actual;
  return `| ${kind} | ${thousands(nodes)} | ${blockedMs} ms | ${inMiB(memory)} | ${inMiB(file)} | ${ratios.join(', ')} |`;
}

async function comparisonRow(size: number): Promise<string> {
  const [before, after] = (await filled('json', String(size), folder, 'pair')) as [string, string];
  const startedAt = performance.now();
  const helper = runHelper({ task: 'compare', before, after });
  const peak = { rss: 0, own: 0 };
  const watching = watchMemory(helper.process.pid ?? 0, peak);
  const answer = await helper.answer;
  const seconds = (performance.now() - startedAt) / 1000;
  await watching;
  if (answer.kind !== 'compared') throw new Error(answer.kind);
  const { nodes } = answer.comparison.after;
  const file = (await stat(after)).size;
  return `| ${inMiB(file)} | ${thousands(nodes)} | ${seconds.toFixed(1)} s | ${inMiB(peak.rss)} | ${inMiB(peak.own)} |`;
}

/** Until the process has ended. */
async function watchMemory(pid: number, peak: { rss: number; own: number }): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const kibibytes = (name: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;
    if (kibibytes('VmHWM') === 0) return;
    peak.rss = Math.max(peak.rss, kibibytes('VmHWM'));
    peak.own = Math.max(peak.own, kibibytes('RssAnon'));
    await sleep(20);
  }
}

function inMiB(bytes: number): string {
  return `${Math.round(bytes / MiB)} MiB`;
}

function thousands(count: number): string {
  return `${Math.round(count / 1000)} k`;
}
