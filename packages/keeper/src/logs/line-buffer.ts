import type { Milliseconds } from '@maque/kit';

/** Where finished lines end up. One write at a time. */
export interface LineTarget {
  write(text: string, done: (error: Error | null) => void): void;
  writeSync(text: string): void;
  close(): void;
}

export interface LineBufferOptions {
  /** Characters that may wait for the disk; lines beyond it are dropped and counted. 1 Mi unless told: 7,000 requests. */
  readonly maxPendingLength?: number;
  /** Text of this length is written at once. 32 Ki unless told: 200 lines for one system call. */
  readonly flushAtLength?: number;
  /** Text waits no longer than this. 500 ms unless told: `tail -f` feels live, an idle server does not wake. */
  readonly flushAfterMs?: Milliseconds;
  /** Called when a write fails, once until one succeeds again. */
  readonly onFault?: (error: Error) => void;
}

/**
 * Gathers log lines and writes many of them at once, in order, off the event loop. Its memory is bounded: when the
 * target is slower than the log, or fails (a full disk), lines are dropped and counted, never kept.
 */
export class LineBuffer {
  readonly #target: LineTarget;
  readonly #maxPending: number;
  readonly #flushAt: number;
  readonly #flushAfterMs: Milliseconds;
  readonly #onFault: (error: Error) => void;
  #pending = '';
  #pendingLines = 0;
  #writingLines = 0;
  #timer: NodeJS.Timeout | undefined;
  #dropped = 0;
  #closed = false;
  #isFailing = false;
  #onIdle: (() => void) | undefined;

  constructor(target: LineTarget, options: LineBufferOptions = {}) {
    this.#target = target;
    this.#maxPending = options.maxPendingLength ?? 1024 * 1024;
    this.#flushAt = options.flushAtLength ?? 32 * 1024;
    this.#flushAfterMs = options.flushAfterMs ?? 500;
    this.#onFault = options.onFault ?? (() => {});
  }

  /** Lines lost so far, because the target was too slow or failed. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether the last write failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Takes one line, its newline included. @returns false when it was dropped. */
  write(line: string): boolean {
    if (this.#closed || this.#pending.length + line.length > this.#maxPending) {
      this.#dropped += 1;
      return false;
    }
    this.#pending += line;
    this.#pendingLines += 1;
    if (this.#pending.length >= this.#flushAt) this.#flush();
    else this.#timer ??= setTimeout(this.#flush, this.#flushAfterMs).unref();
    return true;
  }

  /** Writes what waits before it returns; for the end of a process. A write in flight is not waited for. */
  flushSync(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#pendingLines;
    const text = this.#take();
    if (text === '') return;
    try {
      this.#target.writeSync(text);
    } catch {
      this.#dropped += lines;
    }
  }

  /** Writes what waits and closes the target. Lines that come later are dropped. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#writingLines > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.flushSync();
    this.#target.close();
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writingLines > 0 || this.#pending === '') return;
    this.#writingLines = this.#pendingLines;
    this.#target.write(this.#take(), this.#onWritten);
  };

  readonly #onWritten = (error: Error | null): void => {
    if (error !== null) this.#dropped += this.#writingLines;
    this.#writingLines = 0;
    const isNew = error !== null && !this.#isFailing;
    this.#isFailing = error !== null;
    if (isNew) this.#onFault(error);
    if (this.#closed) {
      this.#onIdle?.();
      return;
    }
    if (this.#pending.length >= this.#flushAt) this.#flush();
    else if (this.#pending !== '') this.#timer ??= setTimeout(this.#flush, this.#flushAfterMs).unref();
  };

  #take(): string {
    const text = this.#pending;
    this.#pending = '';
    this.#pendingLines = 0;
    return text;
  }
}
