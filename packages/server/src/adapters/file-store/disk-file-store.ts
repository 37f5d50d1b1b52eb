import type { Stats } from 'node:fs';
import { type FileHandle, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ByteRange, FileFacts, FileStore, ListedFile, OpenFile } from '../../ports/file-store.ts';
import { openArrivingFiles } from './arriving-files.ts';
import { fewAtOnce } from './few-at-once.ts';
import { checkRange, segmentsOf } from './file-key.ts';
import { unlessMissing } from './unless-missing.ts';

// Of libuv's four threads, which the syncs of the database's log need too: every write waits for those. A second one so
// that a small file does not wait for a large one.
const SYNCS_AT_ONCE = 2;

/** Waits until a file, or the names in a folder, are on disk. */
export type SyncToDisk = (file: FileHandle) => Promise<void>;

/**
 * Keeps files in a folder: `files/` holds what is whole, `arriving/` what is still being written. Both are in the same
 * file system, so a file appears at once under its key, by renaming.
 * @param sync Node's own way unless told.
 * @throws Error of the file system when the folder cannot be made or read.
 */
export async function openDiskFileStore(
  folder: string,
  sync: SyncToDisk = (file) => file.sync(),
): Promise<FileStore> {
  const files = join(folder, 'files');
  await mkdir(files, { recursive: true, mode: 0o700 });
  const turns = fewAtOnce(SYNCS_AT_ONCE);
  const inTurn: SyncToDisk = (file) => turns(() => sync(file));
  const arriving = await openArrivingFiles(join(folder, 'arriving'), inTurn);
  const pathOf = (key: string) => join(files, ...segmentsOf(key));

  return {
    async put(key, content, { maxBytes }) {
      const target = pathOf(key);
      await arriving.receive(content, maxBytes, async (path) => {
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await rename(path, target);
        await syncNames(dirname(target), inTurn);
      });
      return factsOf(await stat(target));
    },
    open: (key, range) => openFile(pathOf(key), range),
    async stat(key) {
      const found = await unlessMissing(stat(pathOf(key)));
      return found?.isFile() === true ? factsOf(found) : undefined;
    },
    async delete(key) {
      const path = pathOf(key);
      return (await unlessMissing(rm(path).then(() => true))) ?? false;
    },
    list: (folder) => filesBelow(files, segmentsOf(folder)),
    direct: undefined,
  };
}

/** What a file is called is on disk when its folder is: what names the file may be told of as soon as it is kept. */
async function syncNames(folder: string, sync: SyncToDisk): Promise<void> {
  await using handle = await open(folder, 'r');
  await sync(handle);
}

async function* filesBelow(root: string, segments: readonly string[]): AsyncGenerator<ListedFile> {
  const folder = await unlessMissing(opendir(join(root, ...segments), { recursive: true }));
  for await (const entry of folder ?? []) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await unlessMissing(stat(path));
    if (found !== undefined) yield { key: relative(root, path).replaceAll(sep, '/'), facts: factsOf(found) };
  }
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

function factsOf({ size, mtimeMs }: Stats): FileFacts {
  return { bytes: size, modifiedAtMs: mtimeMs };
}
