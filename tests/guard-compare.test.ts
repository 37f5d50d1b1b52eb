import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { type BuiltNode, buildSnapshot } from '../packages/guard/fixtures/build-snapshot.ts';

/** A process that keeps so many orders in a Map, among 150 other objects. */
function snapshotWith(orders: number): string {
  const others: BuiltNode[] = Array.from({ length: 150 }, (_, place) => ({ name: 'Other', size: 8 * place }));
  const references = (from: number, count: number) =>
    Array.from({ length: count }, (_, place) => ({ type: 'element', name: place, to: from + place }));
  return buildSnapshot([
    { type: 'synthetic', name: '', edges: [{ name: 'pending', to: 1 }, ...references(2, 150)] },
    { name: 'Map', edges: references(152, orders) },
    ...others,
    ...Array.from({ length: orders }, () => ({ name: 'Order', size: 1_024 })),
  ]);
}

async function compare(...args: string[]) {
  await using child = await runMaque(['guard', 'compare', ...args]);
  const { code } = await child.exit(30_000);
  return { code, said: child.stdout(), error: child.stderr() };
}

it('tells what grew between two heap snapshots and who keeps it, for people and as JSON', async () => {
  await using folder = await tempFolder();
  const files = [join(folder.path, 'before.heapsnapshot'), join(folder.path, 'after.heapsnapshot')] as const;
  await writeFile(files[0], snapshotWith(10));
  await writeFile(files[1], snapshotWith(1_034));

  const english = await compare(...files, '--lang', 'en');
  expect(english).toMatchObject({ code: 0, error: '' });
  expect(english.said).toContain('1. Order: 1,024 new, 1 MiB with all that hangs on them (10 → 1,034)');
  expect(english.said).toContain('kept by .pending (Map), which holds 1,034 references');
  expect((await compare(...files, '--lang', 'zh-CN')).said).toContain('1. Order：新增 1,024 个');

  const { code, said } = await compare(...files, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(said).growing[0]).toMatchObject({ name: 'Order', newCount: 1_024, countBefore: 10 });
});

it('tells in a sentence what is wrong with what it is given', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'half.heapsnapshot');
  await writeFile(file, snapshotWith(10).slice(0, 2_000));
  expect(await compare(file, '--lang', 'en')).toMatchObject({
    code: 1,
    error: expect.stringMatching(/Say which: maque guard compare <before\.heapsnapshot>/),
  });
  const broken = await compare(file, file, '--lang', 'en');
  expect(broken.code).toBe(1);
  expect(broken.error).toMatch(/breaks off at byte 2000.*\(SNAPSHOT_TRUNCATED\)/);
  expect((await compare(file, join(folder.path, 'none'), '--lang', 'en')).error).toMatch(/SNAPSHOT_/);
});
