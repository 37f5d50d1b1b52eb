import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createManualClock, KiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { FORM_TYPE, formWith, jpegOf } from '../../../testing/multipart.ts';
import { serveFiles } from '../../../testing/serve-files.ts';
import { smallApp } from '../../../testing/start-server.ts';
import { openDiskFileStore } from '../../adapters/file-store/disk-file-store.ts';

it('tells whoever sends a file that the disk is full, and keeps nothing of it', async () => {
  await using folder = await tempFolder();
  const at = join(folder.path, 'store');
  // A file system that gives blocks late says so only here.
  const full = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  const files = await openDiskFileStore(at, full);
  const served = await serveFiles(smallApp, { folder: folder.path, clock: createManualClock(0), files });
  try {
    const answer = await fetch(`${served.url}/api/uploads`, {
      method: 'POST',
      headers: { authorization: 'Bearer user:u1', connection: 'close', ...FORM_TYPE },
      body: new Uint8Array(formWith(jpegOf(64 * KiB))),
    });
    expect([answer.status, await answer.json()]).toMatchObject([507, { error: { code: 'DISK_FULL' } }]);
    expect([await readdir(join(at, 'arriving')), await readdir(join(at, 'files'))]).toEqual([[], []]);
  } finally {
    await served.close();
  }
});
