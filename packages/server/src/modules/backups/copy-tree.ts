import { constants } from 'node:fs';
import { copyFile, link, mkdir, opendir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bytes } from '@maque/kit';
import { syncToDisk } from './sync-to-disk.ts';

export interface TreeSize {
  readonly count: number;
  readonly bytes: Bytes;
}

// What a file system answers that cannot give a file a second name: another disk, FAT, too many names.
const NO_LINK = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS']);

/**
 * Gives all files of a tree a second name in another one, which takes no room, and copies them where that cannot be.
 * The files must be such that are only ever replaced and never written into. What goes away meanwhile is left out.
 */
export async function copyTree(from: string, to: string, signal?: AbortSignal): Promise<TreeSize> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  let [count, bytes] = [0, 0];
  for (const entry of await readdir(from, { withFileTypes: true })) {
    signal?.throwIfAborted();
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      const inside = await copyTree(source, target, signal);
      count += inside.count;
      bytes += inside.bytes;
    } else if (entry.isFile() && (await linkOrCopy(source, target))) {
      count += 1;
      bytes += (await stat(target)).size;
    }
  }
  return { count, bytes };
}

/** What is in a tree; nothing where there is none. */
export async function treeSize(folder: string): Promise<TreeSize> {
  const entries = await opendir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  let [count, bytes] = [0, 0];
  for await (const entry of entries ?? []) {
    if (!entry.isFile()) continue;
    count += 1;
    bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return { count, bytes };
}

/** Answers whether there was such a file. */
async function linkOrCopy(source: string, target: string): Promise<boolean> {
  try {
    await link(source, target);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (!NO_LINK.has(code)) throw error;
  }
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  // One with a second name is on disk already: whoever wrote it has waited for that.
  await syncToDisk(target);
  return true;
}
