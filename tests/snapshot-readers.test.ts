import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MINUTE, SECOND } from '@maque/kit';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { beforeAll, expect, it } from 'vitest';
import { readWithDevTools } from './snapshot-readers/read-with-devtools.ts';
import { installMemlab, readWithMemlab } from './snapshot-readers/read-with-memlab.ts';
import type { SnapshotReading } from './snapshot-readers/snapshot-reading.ts';

const PLANTER = fileURLToPath(
  new URL('../packages/guard/src/redact/fixtures/plant-secrets.mjs', import.meta.url),
);

let raw: string;
let redacted: string;
beforeAll(async () => {
  const folder = await tempFolder();
  raw = join(folder.path, 'raw.heapsnapshot');
  redacted = join(folder.path, 'redacted.heapsnapshot');
  await using planter = await spawnProcess(process.execPath, [PLANTER, folder.path, '2000']);
  await planter.exit();
  await using redaction = await runMaque(['guard', 'redact', raw, redacted]);
  await redaction.exit();
  return () => folder[Symbol.asyncDispose]();
});

/** What a reader found before and after must be the same but for the names that went. */
function expectSame(before: SnapshotReading, after: SnapshotReading): void {
  expect(after.nodes).toBe(before.nodes);
  expect(sumsByType(after)).toEqual(sumsByType(before));
  const classes = Object.entries(after.classes).filter(
    ([name]) => !name.startsWith('string ') && !/<(string|name) of \d+ #\d+>|<hidden>/.test(name),
  );
  expect(classes.length).toBeGreaterThan(1_000);
  expect(classes.filter(([name, sums]) => String(before.classes[name]) !== String(sums))).toEqual([]);
  expect(after.classes['object Customer']?.[0]).toBeGreaterThan(100);

  expect(after.path).toEqual(before.path);
  expect(after.path.slice(0, 2)).toEqual([
    'OrderBook in property orderBook',
    'Object in property everythingKept',
  ]);
}

function sumsByType({ classes }: SnapshotReading): Record<string, number[]> {
  const types: Record<string, number[]> = {};
  for (const [name, sums] of Object.entries(classes)) {
    const type = name.slice(0, name.indexOf(' '));
    types[type] = sums.map((sum, index) => sum + (types[type]?.[index] ?? 0));
  }
  return types;
}

it(
  "loads in DevTools' model with the sizes and the retainers that it had",
  async () => {
    const [before, after] = await readWithDevTools([raw, redacted]);
    if (before === undefined || after === undefined) throw new Error('two snapshots were read');
    expectSame(before, after);
  },
  MINUTE,
);

it(
  "loads with memlab's reader with the sizes and the retainers that it had",
  async () => {
    await installMemlab();
    expectSame(await readWithMemlab(raw), await readWithMemlab(redacted));
  },
  3 * MINUTE + 30 * SECOND,
);
