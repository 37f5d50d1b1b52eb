import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KiB, MiB } from '@maque/kit';
import { describeFileStore } from '@maque/testkit/conformance/file-store-conformance';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mountDisk } from '../../../testing/mounted-disk.ts';
import { openDiskFileStore } from './disk-file-store.ts';

describeFileStore('disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maque-files-'));
  return {
    store: await openDiskFileStore(folder),
    strayBytes: async () => (await readdir(join(folder, 'arriving'))).length,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});

async function* contentOf(bytes: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < bytes; sent += 1_000) yield Buffer.alloc(Math.min(1_000, bytes - sent), 'x');
}
const anyPicture = { maxBytes: 2 * MiB, contentType: () => 'image/jpeg' };

describe('files on disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'maque-files-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('cleans up what dead processes left half-written, and leaves the living theirs', async () => {
    await openDiskFileStore(folder);
    const arriving = join(folder, 'arriving');
    // 2^22 is the largest process id of a 64-bit Linux, so this one is nobody.
    await writeFile(join(arriving, `4194305-${randomUUID()}`), 'half');
    const alive = `${process.ppid}-${randomUUID()}`;
    await writeFile(join(arriving, alive), 'half');
    const stalled = join(arriving, `${process.ppid}-${randomUUID()}`);
    await writeFile(stalled, 'half');
    await utimes(stalled, 0, 0);
    await openDiskFileStore(folder);
    expect(await readdir(arriving)).toEqual([alive]);
  });

  it('cleans up nothing that it has not made, whatever lies there', async () => {
    await openDiskFileStore(folder);
    const arriving = join(folder, 'arriving');
    const elsewhere = join(folder, 'elsewhere');
    await writeFile(elsewhere, 'whole');
    const names = ['2024-01-15', '2024-backup', 'of-somebody-else'];
    for (const name of names) {
      await writeFile(join(arriving, name), 'whole');
      await utimes(join(arriving, name), 0, 0);
    }
    const directory = `4194305-${randomUUID()}`;
    await mkdir(join(arriving, directory));
    await writeFile(join(arriving, directory, 'inside'), 'whole');
    const link = `4194306-${randomUUID()}`;
    await symlink(elsewhere, join(arriving, link));
    await openDiskFileStore(folder);
    expect((await readdir(arriving)).sort()).toEqual([...names, directory, link].sort());
    expect(await readdir(join(arriving, directory))).toEqual(['inside']);
    expect((await readdir(folder)).sort()).toEqual(['arriving', 'elsewhere', 'files']);
  });

  it('answers that the disk is full, leaves nothing there, and goes on when there is room', async ({
    skip,
  }) => {
    using disk = mountDisk(folder, 512 * KiB);
    if (disk === undefined) skip();
    const store = await openDiskFileStore(folder);
    const put = (key: string, bytes: number) => store.put(key, contentOf(bytes), anyPicture);
    await expect(put('large', MiB)).rejects.toMatchObject({ code: 'DISK_FULL', status: 507 });
    expect(await store.stat('large')).toBeUndefined();
    expect(await readdir(join(folder, 'arriving'))).toEqual([]);
    expect((await put('small', 256 * KiB)).bytes).toBe(256 * KiB);
  });

  it('waits for the disk with two threads at most, and keeps no file before that', async () => {
    const syncs: (() => void)[] = [];
    const store = await openDiskFileStore(folder, () => new Promise<void>((resolve) => syncs.push(resolve)));
    const keys = Array.from({ length: 20 }, (_, index) => `file-${index}`);
    const kept = Promise.all(keys.map((key) => store.put(key, contentOf(1_000), anyPicture)));
    await vi.waitUntil(async () => {
      const names = await readdir(join(folder, 'arriving'));
      const found = await Promise.all(names.map((name) => stat(join(folder, 'arriving', name))));
      return found.filter(({ size }) => size === 1_000).length === keys.length;
    });
    let most = 0;
    let ended = 0;
    while (ended < 2 * keys.length) {
      await vi.waitUntil(() => syncs.length > 0);
      most = Math.max(most, syncs.length);
      if (ended === 0) expect(await readdir(join(folder, 'files'))).toEqual([]);
      syncs.shift()?.();
      ended += 1;
    }
    await kept;
    expect(most).toBe(2);
  });

  it('streams: a file of 64 MiB passes through a few MiB of memory', async () => {
    const store = await openDiskFileStore(folder);
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    async function* content() {
      for (let sent = 0; sent < 64 * MiB; sent += chunk.length) {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers);
        yield chunk;
      }
    }
    const { bytes } = await store.put('large', content(), {
      maxBytes: 100 * MiB,
      contentType: () => 'image/jpeg',
    });
    expect(bytes).toBe(64 * MiB);
    expect(peak - before).toBeLessThan(16 * MiB);

    const opened = await store.open('large');
    let read = 0;
    let waiting = 0;
    for await (const part of opened?.content ?? []) {
      read += (part as Buffer).length;
      waiting = Math.max(waiting, opened?.content.readableLength ?? 0);
    }
    expect(read).toBe(64 * MiB);
    expect(waiting).toBeLessThan(MiB);
  });
});
