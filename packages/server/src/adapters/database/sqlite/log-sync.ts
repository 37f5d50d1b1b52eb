import { closeSync, fdatasync, openSync } from 'node:fs';
import type { CodedError } from '@maque/kit';
import { diskErrors } from '../../../ports/disk-errors.ts';

/** The calls of `node:fs` that are needed, which tests let fail. */
export interface DiskCalls {
  open(path: string): number;
  sync(descriptor: number, done: (error: Error | null) => void): void;
  close(descriptor: number): void;
}

const nodeDisk: DiskCalls = {
  open: (path) => openSync(path, 'r'),
  sync: fdatasync,
  close: closeSync,
};

/**
 * Waits for the disk on behalf of many commits at once, off the event loop. SQLite's `synchronous = normal` writes a
 * commit to the log and does not wait; `full` does the same and then syncs the log, on this thread. Here the same call
 * is made by a thread of libuv's pool, for all commits that were made before it began. What else needs a sync
 * (checkpoints, a log that begins anew) SQLite does in `normal` too.
 */
export class LogSync {
  readonly #disk: DiskCalls;
  readonly #onFault: (error: CodedError) => void;
  readonly #descriptor: number;
  #next: PromiseWithResolvers<void> | undefined;
  #isRunning = false;
  #fault: CodedError | undefined;

  /**
   * Opens the log at once: whoever opens a file after its failed write-back was reported to somebody else is told nothing
   * of it (https://lwn.net/Articles/752063/).
   * @param path of the write-ahead log, which is there from the first read to the last connection's end. Closing it gives
   * up none of SQLite's locks: those are on the other two files.
   * @param onFault told once, when the disk fails.
   * @throws Error of the file system.
   */
  constructor(path: string, onFault: (error: CodedError) => void, disk: DiskCalls = nodeDisk) {
    this.#onFault = onFault;
    this.#disk = disk;
    this.#descriptor = disk.open(path);
  }

  /** Whether the disk is being waited for: what is committed now waits for the turn after this one. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Why nothing is written any more. */
  get fault(): CodedError | undefined {
    return this.#fault;
  }

  /**
   * Resolves when all that is in the log now is on disk.
   * @throws CodedError DISK_UNSAFE when the disk does not say so, then and ever after: the kernel reports a failed write-back
   * once and takes the pages for clean, so that a later success would prove nothing
   * (https://wiki.postgresql.org/wiki/Fsync_Errors).
   */
  flushed(): Promise<void> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    this.#next ??= Promise.withResolvers();
    const { promise } = this.#next;
    if (!this.#isRunning) this.#run();
    return promise;
  }

  /** Refuses all that waits and all that comes, as a failed sync does. */
  fail(cause: Error): CodedError {
    const fault = diskErrors.DISK_UNSAFE({ data: { reason: reasonOf(cause) }, cause });
    this.#fault = fault;
    this.#next?.reject(fault);
    this.#next = undefined;
    this.#onFault(fault);
    return fault;
  }

  /** To be called when nobody waits. */
  close(): void {
    this.#disk.close(this.#descriptor);
  }

  #run(): void {
    const turn = this.#next;
    if (turn === undefined) return;
    this.#next = undefined;
    this.#isRunning = true;
    this.#disk.sync(this.#descriptor, (error) => this.#end(turn, error));
  }

  #end(turn: PromiseWithResolvers<void>, error: Error | null): void {
    this.#isRunning = false;
    if (error === null) {
      turn.resolve();
      this.#run();
      return;
    }
    turn.reject(this.fail(error));
  }
}

/** EIO and the like: what else such a message says is the name of a file. SQLite's code is the same for all its errors. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return 'errcode' in error ? error.message : (error.code ?? error.message);
}
