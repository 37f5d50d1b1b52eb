import type { Milliseconds } from '@maque/kit';

/** Whose code a frame is: the app's own, that of a package it installed, Node's, or a built-in of V8's. */
export type FrameOwner = 'app' | 'package' | 'node' | 'builtin';

/** One function on the stack of a blocked worker, and where in it execution stands. */
export interface HangFrame {
  /** `(anonymous)` for a function without a name. */
  readonly functionName: string;
  /** Relative to the worker's working folder, below `node_modules`, or `node:…`; through a source map if there is one. */
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly owner: FrameOwner;
}

/** Where the main thread of a worker stood. */
export interface HangStack {
  /** The innermost first; 32 at most, of which the outermost are left out. */
  readonly frames: readonly HangFrame[];
  /**
   * Index of the innermost call that does not return: where it hangs. What is above it comes and goes. As long as
   * `frames` when all of them return, as in a chain of promises.
   */
  readonly steady: number;
  /** What the worker serves, such as `GET /orders/:id`; null where the stack was not begun by a request. */
  readonly route: string | null;
  /**
   * It answered only after this long, so that a call of native code had to end before: the frames are what came after.
   * 0 when it answered at once.
   */
  readonly nativeMs: Milliseconds;
}

/**
 * Why there is no stack.
 * - `gone`: there is no such process.
 * - `stopped`: a signal has stopped it (SIGSTOP, a debugger); it runs no code at all.
 * - `no-signal`: it does not listen for SIGUSR1 (`--disable-sigusr1`), or the system has no such signal.
 * - `inspected`: its inspector is open already (`--inspect`): somebody may be stepping through it.
 * - `native`: it did not answer. It is in native code or the kernel, which cannot be interrupted; or the app takes SIGUSR1
 *   for itself.
 * - `recovered`: its inspector answered, and no code ran: it is not blocked any more.
 * - `helper-failed`: the process that asks could not be started, or did not come to an end in time.
 * - `busy`: too many others are being examined.
 */
export type NoStackReason =
  | 'gone'
  | 'stopped'
  | 'no-signal'
  | 'inspected'
  | 'native'
  | 'recovered'
  | 'helper-failed'
  | 'busy';

/** What the kernel says of a process's main thread. */
export interface ThreadState {
  readonly run: 'running' | 'sleeping' | 'disk' | 'stopped' | 'gone' | 'other';
  /** The kernel's function in which it waits, such as `do_epoll_wait`; null where nobody tells or it runs. */
  readonly waitsIn: string | null;
  /** The system call and what it works on, such as `fsync /srv/data.db`; null where it is none that we know. */
  readonly call: string | null;
  /** Names of the processes that it has started and that still run, three at most. */
  readonly children: readonly string[];
}

/** What was found out about a silent worker. Plain data. */
export interface HangFinding {
  readonly stack: HangStack | null;
  /** Null when there is a stack. */
  readonly reason: NoStackReason | null;
  /** Null where the system does not tell (no `/proc`). */
  readonly thread: ThreadState | null;
  /** How long it took to find out. */
  readonly tookMs: Milliseconds;
}
