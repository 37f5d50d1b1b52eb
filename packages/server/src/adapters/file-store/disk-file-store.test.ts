import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MiB } from '@maque/kit';
import { describeFileStore } from '@maque/testkit/conformance/file-store-conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiskFileStore } from './disk-file-store.ts';

describeFileStore('disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maque-files-'));
  return {
    store: await openDiskFileStore(folder),
    strayBytes: async () => (await readdir(join(folder, 'arriving'))).length,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
});

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
    await writeFile(join(arriving, '4194305-dead'), 'half');
    await writeFile(join(arriving, `${process.ppid}-alive`), 'half');
    await writeFile(join(arriving, `${process.ppid}-stalled`), 'half');
    await utimes(join(arriving, `${process.ppid}-stalled`), 0, 0);
    await writeFile(join(arriving, 'of-somebody-else'), 'whole');
    await utimes(join(arriving, 'of-somebody-else'), 0, 0);
    await openDiskFileStore(folder);
    expect(await readdir(arriving)).toEqual([`${process.ppid}-alive`, 'of-somebody-else']);
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
    const { bytes } = await store.put('large', content(), { maxBytes: 100 * MiB });
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
