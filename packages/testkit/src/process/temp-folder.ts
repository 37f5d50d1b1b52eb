import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own, gone when its scope ends: `await using folder = await tempFolder()`. */
export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** @param parent where to make it; the system's own place unless told. */
export async function tempFolder(parent = tmpdir()): Promise<TempFolder> {
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, 'maque-test-'));
  return {
    path,
    // A process that is just ending may still write here; Node retries what is busy.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}
