import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, formatBytes, MINUTE, type Milliseconds } from '@maque/kit';
import { fileStoreErrors } from '../../ports/file-store-errors.ts';
import { orDiskFull } from './full-disk.ts';
import { unlessMissing } from './unless-missing.ts';

// A file on which nothing was written for so long is not arriving any more: the server cuts stalled sockets after 2 min.
const ABANDONED_AFTER_MS: Milliseconds = 15 * MINUTE;

/** The process that receives the file, and a UUID: no name that anybody else gives a file, such as `2024-01-15`. */
const NAME = /^\d{1,10}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Takes one file from wherever it comes to a place of its own. */
export interface ArrivingFiles {
  /**
   * Writes content to a new file and hands it to `use` when all of it is there; afterwards the file is gone, unless `use`
   * has moved it.
   * @throws CodedError FILE_TOO_LARGE, DISK_FULL; and what `content` or `use` throw.
   */
  receive<T>(
    content: AsyncIterable<Uint8Array>,
    maxBytes: Bytes,
    use: (path: string) => Promise<T>,
  ): Promise<T>;
}

/**
 * Keeps what arrives in a folder of its own. What a process that died left half-written there goes when it is opened.
 * @param settle called with each file when all of it was written, by its first descriptor, which hears of every fault.
 */
export async function openArrivingFiles(
  folder: string,
  settle: (file: FileHandle) => Promise<void> = async () => {},
): Promise<ArrivingFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeAbandoned(folder);
  return {
    async receive(content, maxBytes, use) {
      const path = join(folder, `${process.pid}-${randomUUID()}`);
      try {
        // It is there before anything is read: one that came to be after its removal would stay.
        await using file = await open(path, 'wx', 0o600);
        await file.writeFile(limited(content, maxBytes));
        await settle(file);
        await file.close();
        return await use(path);
      } catch (error) {
        throw orDiskFull(error);
      } finally {
        await rm(path, { force: true });
      }
    },
  };
}

/** Passes bytes on until there are too many. */
async function* limited(content: AsyncIterable<Uint8Array>, maxBytes: Bytes): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw fileStoreErrors.FILE_TOO_LARGE({ data: { limit: formatBytes(maxBytes) } });
    yield chunk;
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    // Nothing but our own, should the folder ever be another than it was made for.
    if (!NAME.test(name)) continue;
    const path = join(folder, name);
    const found = await unlessMissing(lstat(path));
    if (found?.isFile() !== true) continue;
    const isRecent = Date.now() - found.mtimeMs < ABANDONED_AFTER_MS;
    if (!isRecent || !isAlive(Number.parseInt(name, 10))) await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
