import { Worker } from 'node:worker_threads';
import { type CodedError, type Milliseconds, SECOND } from '@maque/kit';
import { diskErrors } from '../../../ports/disk-errors.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isBusy } from './sqlite-errors.ts';
import { threadFile } from './thread-file.ts';

/**
 * Commits append changed pages to the log; at this many (16 MiB) they are carried over into the file, each page once.
 * SQLite's own 1,000 are full four times a second under a load of orders, mostly with the same pages.
 */
const LOG_PAGES = 4_000;
// A thread costs 6 MiB (measured) while it lives, so one of the workers of a box has it: the others leave it the first
// turn and come in only when it does not keep up.
const OTHERS_LOG_PAGES = LOG_PAGES * 1.5;
/** Asking takes 1 µs (measured), and so many commits write 1 MiB. */
const COMMITS_A_LOOK = 32;
/** A load that needs several a minute keeps it; one that failed (for want of memory) is not tried again before. */
const IDLE_MS: Milliseconds = 30 * SECOND;
// Answers [whether it was hindered, pages in the log, of these carried over]; an SQLite before 3.51 knows no `noop` and
// carries over at once.
const LOOK = 'pragma wal_checkpoint(noop)';

export interface CheckpointerOptions {
  readonly path: string;
  readonly writer: SqliteConnection;
  /** Told when the log cannot be carried over, once until that succeeds again. */
  readonly onFault: (error: CodedError) => void;
  /** @throws Error when the system gives no more threads. */
  readonly startThread?: (path: string) => Worker;
  /** How long a thread stays without work, and how long after a failure it is tried again; 30 s unless told. */
  readonly idleMs?: Milliseconds;
}

/**
 * Sees to it that the write-ahead log does not grow for ever, on a thread of its own: carrying over 16 MiB takes 15 to 30 ms
 * on a fast disk and 150 ms at 100 MB/s, and on the event loop every request would wait for it.
 */
export class Checkpointer {
  readonly #path: string;
  readonly #writer: SqliteConnection;
  readonly #onFault: (error: CodedError) => void;
  readonly #startThread: (path: string) => Worker;
  readonly #idleMs: Milliseconds;
  #commits = 0;
  #thread: Worker | undefined;
  #isWorking = false;
  #isFaulty = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CheckpointerOptions) {
    const { path, writer, onFault, startThread = startCheckpointThread, idleMs = IDLE_MS } = options;
    this.#path = path;
    this.#writer = writer;
    this.#onFault = onFault;
    this.#startThread = startThread;
    this.#idleMs = idleMs;
  }

  /** To be called after each commit, outside of any transaction. Never throws. */
  committed(): void {
    this.#commits += 1;
    if (this.#commits % COMMITS_A_LOOK !== 0 || this.#isWorking) return;
    const limit = this.#thread === undefined ? OTHERS_LOG_PAGES : LOG_PAGES;
    if (this.#waitingPages() >= limit) this.#work();
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#thread?.terminate();
  }

  #waitingPages(): number {
    try {
      const [, pages, carried] = this.#writer.arrays(LOOK, [])[0] as [number, number, number];
      return pages - carried;
    } catch {
      // Another connection is at it, or the disk is at fault, which the next commit tells.
      return 0;
    }
  }

  #work(): void {
    this.#isWorking = true;
    clearTimeout(this.#idle);
    try {
      this.#thread ??= this.#start();
      this.#thread.postMessage('carry over');
    } catch (error) {
      this.#failed(error);
    }
  }

  #start(): Worker {
    const thread = this.#startThread(this.#path);
    thread.unref();
    thread.on('message', () => this.#rest());
    thread.once('error', (error) => this.#failed(error));
    return thread;
  }

  #failed(error: unknown): void {
    this.#idle = setTimeout(() => this.#end(), this.#idleMs).unref();
    if (this.#isFaulty || isBusy(error)) return;
    this.#isFaulty = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#onFault(diskErrors.CHECKPOINT_FAILED({ data: { reason }, cause: error }));
  }

  #rest(): void {
    this.#isWorking = false;
    this.#isFaulty = false;
    this.#idle = setTimeout(() => this.#end(), this.#idleMs).unref();
  }

  #end(): void {
    void this.#thread?.terminate();
    this.#thread = undefined;
    this.#isWorking = false;
  }
}

/** @throws Error when the system gives no more threads. */
export function startCheckpointThread(path: string): Worker {
  // It holds next to nothing: 4 MiB are what Node itself and SQLite's binding take.
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 };
  return new Worker(threadFile('checkpoint-thread'), {
    workerData: path,
    resourceLimits,
    execArgv: [],
    env: {},
  });
}
