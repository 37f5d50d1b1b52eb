import { existsSync, rmSync, writeFileSync } from 'node:fs';

/**
 * A file beside the database, from the moment that the disk failed until its log is whole again. Restarts happen that
 * nobody asked for, and the kernel tells a process that opens the log then nothing of what failed before. It need not
 * survive a power cut: after one everybody reads what is on disk, and a log with a hole ends there.
 */
export class UnsafeMark {
  readonly #path: string;

  constructor(database: string) {
    this.#path = `${database}-unsafe`;
  }

  get isThere(): boolean {
    return existsSync(this.#path);
  }

  /** Never throws: whoever waits for the disk is told of its failure, and not of this one. */
  put(): void {
    try {
      writeFileSync(this.#path, '', { mode: 0o600 });
    } catch (error) {
      process.emitWarning(`the next start is not told that the disk has failed: ${error}`);
    }
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
