import { errors } from '@maque/contract';
import type { Clock, Milliseconds } from '@maque/kit';
import type { LogSync } from './log-sync.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

export interface WriteGroupsOptions {
  /** Writes that may wait at once, for their turn or for the disk; the rest are refused at once. */
  readonly maxWaiting: number;
  /** How long a write may wait for its turn, and a group for the lock of another process. */
  readonly maxWaitMs: Milliseconds;
  readonly clock: Clock;
  /** Waited for before a write is told of its end; undefined where a commit is enough. */
  readonly log: LogSync | undefined;
  /** Called after each commit. It must not throw. */
  readonly onCommit: () => void;
}

interface Write {
  readonly work: () => Promise<unknown> | unknown;
  /** How long it may wait for the lock when it is to be alone in its transaction; undefined where it may be in a group. */
  readonly aloneWithinMs: Milliseconds | undefined;
  readonly sinceMs: Milliseconds;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly write: Write } & ({ readonly value: unknown } | { readonly error: unknown });

// A group holds the lock for as long as its writes take. At 20 µs a write 64 of them are 1.3 ms, and the price of a
// commit (25 to 100 µs without fsync) is already shared so far that more would gain nothing.
const MAX_GROUP_WRITES = 64;
const MAX_GROUP_MS: Milliseconds = 10;
// While the disk is being waited for a commit gains nothing by coming early: it waits for the next turn of the disk, and
// those that come meanwhile join it. So many at once would hold up readers for too long.
const EAGER_WRITES = 32;
// A commit and a sync of the log take 0.1 to 0.2 ms of CPU, of several threads and the kernel. Where writers come
// together, this much between two groups gathers more of them into one; who waits for a disk does not notice it. A lone
// writer, who only comes again when told of the last write, never waits.
const BETWEEN_GROUPS_MS: Milliseconds = 2;
// As long as they keep coming, one a millisecond, up to this: 4 % less CPU for a shop of 15 % orders that is as busy as it
// can be, and no more than a cloud disk takes.
const MOST_BETWEEN_GROUPS_MS: Milliseconds = 6;
const QUIET_MS: Milliseconds = 1;

/**
 * Runs writes one after the other, and commits together those that arrive in the same turn of the event loop: writing
 * the pages of a commit costs more than most writes themselves. Four orders in one commit take two thirds of the CPU
 * time of four commits (measured). Each write is all or nothing by itself; it is told of its end when the group's commit
 * is done and on disk.
 */
export class WriteGroups {
  readonly #writer: SqliteConnection;
  readonly #options: WriteGroupsOptions;
  readonly #waiting: Write[] = [];
  #isBusy = false;
  #groupedAtMs: Milliseconds = Number.NEGATIVE_INFINITY;
  #lastGroupWrites = 0;
  /** Writes that are committed and wait for the disk. */
  #unacknowledged = 0;
  #closing: (() => void) | undefined;

  constructor(writer: SqliteConnection, options: WriteGroupsOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  /**
   * Runs `work` inside a transaction at its turn.
   * @throws CodedError DATABASE_BUSY when too many wait, or it waited for too long, DISK_UNSAFE when the disk failed
   * now or before.
   */
  submit<T>(work: () => Promise<T> | T, aloneWithinMs?: Milliseconds): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(new Error('the database is closed'));
    const { maxWaiting, log } = this.#options;
    if (log?.fault !== undefined) return Promise.reject(log.fault);
    if (this.#waiting.length + this.#unacknowledged >= maxWaiting) return Promise.reject(busy());
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, aloneWithinMs, resolve, reject, sinceMs: this.#options.clock.monotonic() });
      this.#wake();
    });
  }

  /** Refuses further writes, and resolves when those that wait are done. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing = resolve;
      this.#goOn();
    });
  }

  /** The next turn is soon enough: who arrives in this one is in the same group. */
  #wake(): void {
    if (this.#isBusy) return;
    if (this.#options.log?.isRunning === true && this.#waiting.length < EAGER_WRITES) return;
    this.#isBusy = true;
    const pauseMs = this.#pauseMs();
    if (pauseMs > 0) this.#gather(pauseMs, MOST_BETWEEN_GROUPS_MS / QUIET_MS);
    else setImmediate(this.#runNextGroup);
  }

  /** How long the next group may gather. */
  #pauseMs(): Milliseconds {
    const { log, clock } = this.#options;
    if (log === undefined || this.#lastGroupWrites < 2 || this.#waiting.length >= EAGER_WRITES) return 0;
    const passedMs = clock.monotonic() - this.#groupedAtMs;
    return passedMs < MOST_BETWEEN_GROUPS_MS ? Math.max(QUIET_MS, BETWEEN_GROUPS_MS - passedMs) : 0;
  }

  /** @param turns that it may take at most, also by a clock that stands still. */
  #gather(pauseMs: Milliseconds, turns: number): void {
    setTimeout(() => {
      if (turns > 1 && this.#areMoreComing()) this.#gather(QUIET_MS, turns - 1);
      else this.#runNextGroup();
    }, pauseMs);
  }

  #areMoreComing(): boolean {
    const last = this.#waiting.at(-1);
    if (last === undefined || this.#waiting.length >= EAGER_WRITES) return false;
    const nowMs = this.#options.clock.monotonic();
    return nowMs - last.sinceMs < QUIET_MS && nowMs - this.#groupedAtMs < MOST_BETWEEN_GROUPS_MS;
  }

  readonly #runNextGroup = (): void => void this.#runGroup();

  #goOn(): void {
    if (this.#waiting.length > 0) this.#wake();
    else if (!this.#isBusy && this.#unacknowledged === 0) this.#closing?.();
  }

  async #runGroup(): Promise<void> {
    this.#groupedAtMs = this.#options.clock.monotonic();
    const first = this.#next();
    if (first !== undefined) {
      const isAlone = first.aloneWithinMs !== undefined;
      try {
        await retryWhileBusy(
          () => this.#writer.exec('begin immediate'),
          first.aloneWithinMs ?? this.#options.maxWaitMs,
          this.#options.clock,
        );
        const outcomes = await this.#commit(first, isAlone);
        this.#lastGroupWrites = outcomes.length;
        this.#acknowledge(outcomes);
      } catch (error) {
        first.reject(error);
      }
    }
    this.#isBusy = false;
    this.#goOn();
  }

  /** Tells each write how it ended, once the disk has what was committed. */
  #acknowledge(outcomes: readonly Outcome[]): void {
    const { log, onCommit } = this.#options;
    const isCommitted = outcomes.some((outcome) => 'value' in outcome);
    if (isCommitted) onCommit();
    if (!isCommitted || log === undefined) {
      settle(outcomes);
      return;
    }
    this.#unacknowledged += outcomes.length;
    const told = (final: readonly Outcome[]) => {
      this.#unacknowledged -= outcomes.length;
      settle(final);
      this.#goOn();
    };
    log.flushed().then(
      () => told(outcomes),
      (error) => told(outcomes.map(failed(error))),
    );
  }

  /** Runs the first write and those that wait behind it, and commits. Never rejects. */
  async #commit(first: Write, isAlone: boolean): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    const startMs = this.#options.clock.monotonic();
    // What is all of its transaction needs no savepoint within it.
    const isLone = isAlone || this.#waiting.length === 0;
    const hasRoom = () =>
      !isLone &&
      outcomes.length < MAX_GROUP_WRITES &&
      this.#options.clock.monotonic() - startMs < MAX_GROUP_MS &&
      this.#waiting[0]?.aloneWithinMs === undefined;
    for (
      let write: Write | undefined = first;
      write !== undefined;
      write = hasRoom() ? this.#next() : undefined
    ) {
      outcomes.push(await (isLone ? this.#attemptLone(write) : this.#attempt(write)));
      // Undone already: a lone write that failed, or a fault such as a full disk, which spares nothing of the group.
      if (!this.#writer.isInTransaction) return outcomes.map(undone(outcomes.at(-1)));
    }
    try {
      this.#writer.exec('commit');
      return outcomes;
    } catch (error) {
      if (this.#writer.isInTransaction) this.#writer.exec('rollback');
      return outcomes.map(undone({ write: first, error }));
    }
  }

  async #attemptLone(write: Write): Promise<Outcome> {
    try {
      return { write, value: await write.work() };
    } catch (error) {
      if (this.#writer.isInTransaction) this.#writer.exec('rollback');
      return { write, error };
    }
  }

  async #attempt(write: Write): Promise<Outcome> {
    try {
      this.#writer.exec('savepoint one_write');
      const value = await write.work();
      this.#writer.exec('release one_write');
      return { write, value };
    } catch (error) {
      this.#undoOne();
      return { write, error };
    }
  }

  #undoOne(): void {
    if (!this.#writer.isInTransaction) return;
    try {
      this.#writer.exec('rollback to one_write');
      this.#writer.exec('release one_write');
    } catch {
      // What cannot be undone alone is undone with the rest of the group.
      if (this.#writer.isInTransaction) this.#writer.exec('rollback');
    }
  }

  /** The next write that has not waited for too long; none once the disk has failed. */
  #next(): Write | undefined {
    const now = this.#options.clock.monotonic();
    const fault = this.#options.log?.fault;
    for (let write = this.#waiting.shift(); write !== undefined; write = this.#waiting.shift()) {
      if (fault !== undefined) write.reject(fault);
      else if (now - write.sinceMs <= this.#options.maxWaitMs || write.aloneWithinMs !== undefined)
        return write;
      else write.reject(busy());
    }
    return undefined;
  }
}

function busy(): Error {
  return errors.DATABASE_BUSY({ retryAfterSeconds: 1 });
}

/** What became of a write when the whole group was undone: its own error, or the one that undid it. */
function undone(cause: Outcome | undefined): (outcome: Outcome) => Outcome {
  return failed(
    cause !== undefined && 'error' in cause ? cause.error : new Error('the transaction was undone'),
  );
}

function failed(error: unknown): (outcome: Outcome) => Outcome {
  return (outcome) => ('error' in outcome ? outcome : { write: outcome.write, error });
}

function settle(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    if ('error' in outcome) outcome.write.reject(outcome.error);
    else outcome.write.resolve(outcome.value as never);
  }
}
