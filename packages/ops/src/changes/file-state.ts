import { constants } from 'node:fs';
import { chmod, chown, lstat, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Bytes, KiB, SECOND } from '@maque/kit';
import { changeErrors } from './change-errors.ts';

/** A file as it was, with all that is brought back with it. */
export interface FileState {
  readonly content: Buffer;
  /** Permission bits, such as 0o600. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
}

// Configuration that is larger was not written by hand.
const MAX_BYTES: Bytes = 256 * KiB;

/**
 * @param path how people call it, for errors
 * @returns null where there is no such file
 * @throws CodedError CHANGE_THROUGH_LINK, CHANGE_OF_NO_FILE, CHANGE_OF_NO_TEXT
 */
export async function readState(place: string, path: string): Promise<FileState | null> {
  const stats = await lstat(place).catch(nullIfAbsent);
  if (stats === null) return null;
  if (stats.isSymbolicLink()) throw changeErrors.CHANGE_THROUGH_LINK({ data: { path } });
  if (!stats.isFile()) throw changeErrors.CHANGE_OF_NO_FILE({ data: { path } });
  if (stats.size > MAX_BYTES) throw changeErrors.CHANGE_OF_NO_TEXT({ data: { path } });
  await using file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW);
  const { mode, uid, gid, mtimeMs } = await file.stat();
  return { content: await file.readFile(), mode: mode & 0o7777, uid, gid, modifiedAtMs: mtimeMs };
}

/** Puts a whole file in its place: whoever reads at this moment sees the old one or the new one, never a part. */
export async function writeState(path: string, state: Omit<FileState, 'modifiedAtMs'>): Promise<void> {
  const draft = join(dirname(path), `${draftPrefix(path)}${process.pid}`);
  try {
    await using file = await open(draft, 'wx', 0o600);
    await file.writeFile(state.content);
    const { uid, gid } = await file.stat();
    // Before the mode, for a new owner takes away the bits of setuid.
    if (uid !== state.uid || gid !== state.gid) await chown(draft, state.uid, state.gid);
    await chmod(draft, state.mode);
    await file.sync();
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Of a change that was cut short by a kill: nobody reads them, but the folder would stay for them. */
export async function removeDrafts(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch((): string[] => []);
  const drafts = names.filter((name) => name.startsWith(draftPrefix(path)));
  for (const name of drafts) await rm(join(dirname(path), name), { force: true });
}

function draftPrefix(path: string): string {
  return `.${basename(path)}.maque-`;
}

/** The same with its time: for what is brought back. */
export async function restoreState(path: string, state: FileState): Promise<void> {
  await writeState(path, state);
  await utimes(path, state.modifiedAtMs / SECOND, state.modifiedAtMs / SECOND);
}

function nullIfAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
