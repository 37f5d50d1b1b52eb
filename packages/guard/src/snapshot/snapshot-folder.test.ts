import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { describe, expect, it } from 'vitest';
import { runNode } from '../../fixtures/run-node.ts';
import { SnapshotFolder } from './snapshot-folder.ts';

const NOW = Date.UTC(2026, 10, 20, 8, 30, 5);

async function publish(folder: SnapshotFolder, nowMs: number, bytes: number): Promise<string> {
  const partial = await folder.begin(nowMs);
  await partial.handle.write(Buffer.alloc(bytes));
  return partial.publish();
}

describe('a snapshot on disk', () => {
  it('is for its owner only, and has its name only when it is whole', async () => {
    await using place = await tempFolder();
    const folder = await SnapshotFolder.open(join(place.path, 'a', 'snapshots'));
    const partial = await folder.begin(NOW);
    expect(await readdir(folder.path)).toEqual([expect.stringMatching(/\.heapsnapshot\.partial$/)]);
    const file = await partial.publish();
    expect(file).toMatch(/maque-20261120T083005Z-\d+-\d+\.heapsnapshot$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    await partial.discard();
    expect(await readdir(folder.path)).toHaveLength(1);
  });

  it('that was not finished leaves nothing', async () => {
    await using place = await tempFolder();
    const folder = await SnapshotFolder.open(place.path);
    await (await folder.begin(NOW)).discard();
    expect(await readdir(place.path)).toEqual([]);
  });
});

describe('the bounds of the folder', () => {
  it('let the oldest go first, by number and by bytes, and never what is not ours', async () => {
    await using place = await tempFolder();
    const folder = await SnapshotFolder.open(place.path);
    for (const other of ['mine.heapsnapshot', 'maque-notes.txt'])
      await writeFile(join(place.path, other), 'x');
    const files: string[] = [];
    for (let hour = 0; hour < 5; hour++) files.push(await publish(folder, NOW + hour * 3_600_000, 1_000));
    const left = async () => (await readdir(place.path)).map((name) => join(place.path, name)).sort();
    const others = [join(place.path, 'maque-notes.txt'), join(place.path, 'mine.heapsnapshot')];

    await folder.prune(4, 1e9);
    expect(await left()).toEqual([...files.slice(1), ...others].sort());
    await folder.prune(4, 2_500);
    expect(await left()).toEqual([...files.slice(3), ...others].sort());
    await folder.prune(1, 10);
    expect(await left()).toEqual([...files.slice(4), ...others].sort());
  });
});

describe('two that write at once', () => {
  it('are never let in together', async () => {
    await using place = await tempFolder();
    const folder = await SnapshotFolder.open(place.path);
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => folder.begin(NOW)));
    const let_in = tries.filter(({ status }) => status === 'fulfilled');
    expect(let_in.length).toBeLessThanOrEqual(1);
    for (const attempt of tries) {
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'SNAPSHOT_BUSY' });
      else await attempt.value.discard();
    }
    await (await folder.begin(NOW)).discard();
  });

  it('are told apart from the dead, whose half file is removed', async () => {
    await using place = await tempFolder();
    const { stdout } = await runNode(['-p', 'process.pid']);
    const dead = join(place.path, `maque-20261120T000000Z-${Number(stdout)}-0.heapsnapshot.partial`);
    const alive = join(place.path, `maque-20261120T000000Z-${process.ppid}-0.heapsnapshot.partial`);
    const folder = await SnapshotFolder.open(place.path);

    await writeFile(dead, 'half');
    const partial = await folder.begin(NOW);
    expect(await readdir(place.path)).toHaveLength(1);
    await partial.discard();

    await writeFile(alive, 'half');
    await expect(folder.begin(NOW)).rejects.toMatchObject({
      code: 'SNAPSHOT_BUSY',
      data: { pid: process.ppid },
    });
    // A number that a living process was given long after.
    await utimes(alive, NOW / 1000 - 864_000, NOW / 1000 - 864_000);
    await (await folder.begin(NOW)).discard();
    expect(await readdir(place.path)).toEqual([]);
  });
});

it('says why a folder cannot be used', async () => {
  await using place = await tempFolder();
  const file = join(place.path, 'file');
  await writeFile(file, '');
  await expect(SnapshotFolder.open(join(file, 'snapshots'))).rejects.toMatchObject({
    code: 'SNAPSHOT_FOLDER_UNUSABLE',
    data: { reason: 'not a directory' },
  });
});
