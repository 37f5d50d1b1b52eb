import { randomUUID } from 'node:crypto';
import { createWriteStream, type Stats } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bytes, formatBytes, MINUTE, type Milliseconds } from '@maque/kit';
import type { ByteRange, FileFacts, FileStore, OpenFile } from '../../ports/file-store.ts';
import { fileStoreErrors } from '../../ports/file-store-errors.ts';

// A segment never begins with a dot, so neither `..` nor a hidden file can be named.
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/;
const MAX_SEGMENTS = 8;
// A file on which nothing was written for so long is not arriving any more: the server cuts stalled sockets after 2 min.
const ABANDONED_AFTER_MS: Milliseconds = 15 * MINUTE;

/**
 * Keeps files in a folder: `files/` holds what is whole, `arriving/` what is still being written. Both are in the same
 * file system, so a file appears at once under its key, by renaming. What a process that died left half-written goes
 * when a store is opened on the folder.
 * @throws Error of the file system when the folder cannot be made or read.
 */
export async function openDiskFileStore(folder: string): Promise<FileStore> {
  const arriving = join(folder, 'arriving');
  const files = join(folder, 'files');
  await mkdir(files, { recursive: true, mode: 0o700 });
  await mkdir(arriving, { recursive: true, mode: 0o700 });
  await removeAbandoned(arriving);

  return {
    async put(key, content, { maxBytes }) {
      const target = pathOf(files, key);
      const temporary = join(arriving, `${process.pid}-${randomUUID()}`);
      try {
        const file = createWriteStream(temporary, { flags: 'wx', mode: 0o600, flush: true });
        await pipeline(content, limitTo(maxBytes), file);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await rename(temporary, target);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      return factsOf(await stat(target));
    },
    open: (key, range) => openFile(pathOf(files, key), range),
    async stat(key) {
      const found = await unlessMissing(stat(pathOf(files, key)));
      return found?.isFile() === true ? factsOf(found) : undefined;
    },
    async delete(key) {
      const path = pathOf(files, key);
      return (await unlessMissing(rm(path).then(() => true))) ?? false;
    },
  };
}

function pathOf(files: string, key: string): string {
  const segments = key.split('/', MAX_SEGMENTS + 1);
  if (segments.length > MAX_SEGMENTS || !segments.every((segment) => SEGMENT.test(segment))) {
    throw fileStoreErrors.FILE_KEY_INVALID();
  }
  return join(files, ...segments);
}

/** Passes bytes on until there are too many. */
function limitTo(maxBytes: Bytes): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) done(null, chunk);
      else done(fileStoreErrors.FILE_TOO_LARGE({ data: { limit: formatBytes(maxBytes) } }));
    },
  });
}

async function openFile(path: string, range: ByteRange | undefined): Promise<OpenFile | undefined> {
  const handle = await unlessMissing(open(path, 'r'));
  if (handle === undefined) return undefined;
  try {
    // Asked of the open file, so that facts and content agree even when the key is written anew meanwhile.
    const found = await handle.stat();
    if (!found.isFile()) {
      await handle.close();
      return undefined;
    }
    if (range !== undefined) checkRange(range, found.size);
    return { facts: factsOf(found), content: handle.createReadStream(range ?? {}) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function checkRange({ start, end }: ByteRange, bytes: Bytes): void {
  const isInside =
    Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end < bytes;
  if (!isInside) throw fileStoreErrors.FILE_RANGE_INVALID({ data: { bytes } });
}

function factsOf({ size, mtimeMs }: Stats): FileFacts {
  return { bytes: size, modifiedAtMs: mtimeMs };
}

async function unlessMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // ENOTDIR: a part of the key is a file, so there is nothing below it. A folder on the way is no file either.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'ERR_FS_EISDIR')
      return undefined;
    throw error;
  }
}

async function removeAbandoned(arriving: string): Promise<void> {
  for (const name of await readdir(arriving)) {
    const path = join(arriving, name);
    const found = await unlessMissing(stat(path));
    if (found === undefined) continue;
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
