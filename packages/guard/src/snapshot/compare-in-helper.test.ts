import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TempFolder, tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runNode } from '../../fixtures/run-node.ts';
import { compareInHelper } from './compare-in-helper.ts';
import type { SnapshotComparison } from './compare-snapshots.ts';
import { comparisonLines, pathText } from './comparison-text.ts';
import type { SnapshotTaken } from './snapshot-taker.ts';

const APP = fileURLToPath(new URL('../../fixtures/kept-objects.ts', import.meta.url));

interface Pair {
  readonly before: SnapshotTaken;
  readonly after: SnapshotTaken;
}

let folder: TempFolder;
const compared = new Map<string, Promise<SnapshotComparison>>();
beforeAll(async () => {
  folder = await tempFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** What two snapshots of a process that keeps objects in some way say; taken once for all tests. */
function comparisonOf(way: string, between = ''): Promise<SnapshotComparison> {
  const key = `${way} ${between}`;
  const known = compared.get(key) ?? takeAndCompare(way, between);
  compared.set(key, known);
  return known;
}

async function takeAndCompare(way: string, between: string): Promise<SnapshotComparison> {
  const { stdout, stderr } = await runNode([APP, way, join(folder.path, way + between), between], {}, 60_000);
  if (stdout === '') throw new Error(stderr);
  const { before, after } = JSON.parse(stdout) as Pair;
  return compareInHelper(before.file, after.file);
}

it.each([
  {
    way: 'map',
    name: 'Visit',
    holder: { by: 'visits', what: 'Map' },
    path: /visits Map → \[\*\] Visit$/,
  },
  { way: 'closure', name: 'onDone', holder: { by: 'handlers', what: 'Array' }, path: /\[\*\] onDone\(\)$/ },
  {
    way: 'listener',
    name: 'onTick',
    holder: { by: '.tick', what: 'Array' },
    path: /bus EventEmitter → \._events Object → \.tick Array → \[\*\] onTick\(\)$/,
  },
  {
    way: 'buffer',
    name: 'Buffer',
    holder: { by: 'uploads', what: 'Array' },
    path: /uploads Array → \[\*\] Buffer$/,
  },
  {
    way: 'late',
    name: 'Visit',
    holder: { by: '.late', what: 'Map' },
    path: /registry Object → \.late Map → \[\*\] Visit$/,
  },
])('names what a real process keeps in a $way, and who keeps it', async ({ way, name, holder, path }) => {
  const comparison = await comparisonOf(way);

  const [first] = comparison.growing;
  expect(comparison.sameProcess).toBe(true);
  expect(first).toMatchObject({ name, holder });
  expect(first?.newCount).toBeGreaterThanOrEqual(2_500);
  expect(first?.newCount).toBeLessThan(2_510);
  expect(first?.holder?.entries).toBeGreaterThanOrEqual(2_500);
  expect(first?.holder?.share).toBe(1);
  expect(pathText(first?.paths[0]?.steps ?? [])).toMatch(path);
});

it('finds the head of a chain of thousands, and what hangs on it', async () => {
  const { growing } = await comparisonOf('chain');
  expect(growing[0]?.name).toBe('Object');
  expect(growing[0]?.ownedGrowth).toBeGreaterThan(2_500 * 300);
  expect(pathText(growing[0]?.paths[0]?.steps ?? [])).toMatch(/newest Object$/);
});

it('says so when an inspector made V8 count objects anew, and still compares constructors', async () => {
  const comparison = await comparisonOf('map', 'inspector');
  expect(comparison.sameProcess).toBe(false);
  expect(comparison.growing.slice(0, 2)).toContainEqual(
    expect.objectContaining({ name: 'Visit', countBefore: 100, countAfter: 2_600, newCount: null }),
  );
  const [, warning] = comparisonLines(comparison, 'en');
  expect(warning).toMatch(/do not number objects alike/);
});

it('tells in both languages, and has nothing that users said', async () => {
  const comparison = await comparisonOf('map');
  const english = comparisonLines(comparison, 'en').join('\n');
  expect(english).toMatch(/1\. Visit: 2,50\d new, .* MiB with all that hangs on them \(100 → 2,600\)/);
  expect(english).toMatch(/kept by visits \(Map\), which holds [\d,]+ references/);
  expect(comparisonLines(comparison, 'zh-CN').join('\n')).toMatch(/由 visits（Map）持有/);
  for (const text of [JSON.stringify(comparison), await readFile(comparison.after.file, 'utf8')]) {
    expect(text).not.toMatch(/oSECRET|1380013/);
  }
});

it('tells which file cannot be read, in the words of the one who asks', async () => {
  const failure = await compareInHelper('/nowhere/a', '/nowhere/b').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'SNAPSHOT_UNREADABLE', data: { file: '/nowhere/a' } });
});
