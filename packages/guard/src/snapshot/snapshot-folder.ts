import { type FileHandle, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { type Bytes, HOUR, type Milliseconds } from '@maque/kit';
import { snapshotErrors } from './snapshot-errors.ts';

/** A file that is being written; its name tells others that somebody writes. */
export interface PartialSnapshot {
  readonly handle: FileHandle;
  /** Gives it its final name. */
  publish(): Promise<string>;
  /** Removes it, if it was not published. */
  discard(): Promise<void>;
}

// Nothing else in the folder is ever touched.
const OURS = /^maque-\d{8}T\d{6}Z-\d+-\d+\.heapsnapshot$/;
const PARTIAL = /^maque-\d{8}T\d{6}Z-(\d+)-\d+\.heapsnapshot\.partial$/;

// A number of a process is given anew some day: nobody writes at one file for so long.
const STALE_AFTER_MS: Milliseconds = HOUR;

let taken = 0;

/** Where snapshots lie. */
export class SnapshotFolder {
  readonly path: string;

  /** Makes the folder, for its owner only. @throws CodedError SNAPSHOT_FOLDER_UNUSABLE */
  static async open(path: string): Promise<SnapshotFolder> {
    const folder = new SnapshotFolder(path);
    await folder.#orUnusable(mkdir(path, { recursive: true, mode: 0o700 }));
    return folder;
  }

  constructor(path: string) {
    this.path = path;
  }

  /** Free room for this user; null where the file system does not tell. */
  async freeBytes(): Promise<Bytes | null> {
    const facts = await statfs(this.path).catch(() => null);
    return facts === null ? null : facts.bavail * facts.bsize;
  }

  /**
   * Begins a file, readable for its owner only, unless another process writes one here. Each puts its own file first
   * and looks for others then, so that of two at least one sees the other; both may give up. What dead processes left
   * is removed.
   * @throws CodedError SNAPSHOT_BUSY, SNAPSHOT_FOLDER_UNUSABLE
   */
  async begin(nowMs: Milliseconds): Promise<PartialSnapshot> {
    const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
    const name = `maque-${stamp}-${process.pid}-${taken++}.heapsnapshot`;
    const partial = join(this.path, `${name}.partial`);
    const handle = await this.#orUnusable(open(partial, 'wx', 0o600));
    const discard = async () => {
      await handle.close().catch(() => {});
      await rm(partial, { force: true });
    };
    try {
      const other = await this.#otherWriter(`${name}.partial`);
      if (other === null)
        return { handle, discard, publish: () => this.#orUnusable(this.#publish(handle, name)) };
      throw snapshotErrors.SNAPSHOT_BUSY({ data: { folder: this.path, pid: other } });
    } catch (error) {
      await discard();
      throw error;
    }
  }

  /** Removes the oldest snapshots until the bounds hold; the newest always stays, and what cannot be removed. */
  async prune(maxSnapshots: number, maxTotalBytes: Bytes): Promise<void> {
    // Names begin with the time, so that they sort by age.
    const names = (await readdir(this.path))
      .filter((name) => OURS.test(name))
      .sort()
      .reverse();
    let bytes = 0;
    for (const [place, name] of names.entries()) {
      const path = join(this.path, name);
      const facts = await stat(path).catch(() => null);
      if (facts === null) continue;
      bytes += facts.size;
      if (place > 0 && (place >= maxSnapshots || bytes > maxTotalBytes))
        await rm(path, { force: true }).catch(() => {});
    }
  }

  async #publish(handle: FileHandle, name: string): Promise<string> {
    const path = join(this.path, name);
    await handle.sync();
    await handle.close();
    await rename(`${path}.partial`, path);
    return path;
  }

  async #otherWriter(own: string): Promise<number | null> {
    for (const name of await readdir(this.path)) {
      const pid = Number(PARTIAL.exec(name)?.[1] ?? Number.NaN);
      if (name === own || Number.isNaN(pid)) continue;
      const path = join(this.path, name);
      const facts = await stat(path).catch(() => null);
      if (facts === null) continue;
      if (isAlive(pid) && Date.now() - facts.mtimeMs < STALE_AFTER_MS) return pid;
      await rm(path, { force: true });
    }
    return null;
  }

  async #orUnusable<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: NodeJS.ErrnoException) => {
      const reason = error.errno === undefined ? String(error) : getSystemErrorMessage(error.errno);
      throw snapshotErrors.SNAPSHOT_FOLDER_UNUSABLE({ data: { folder: this.path, reason }, cause: error });
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
