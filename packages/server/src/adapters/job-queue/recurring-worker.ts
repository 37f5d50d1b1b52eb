import type { Clock, Milliseconds } from '@maque/kit';
import type { Logger } from '../../logging/logger.ts';
import type { Database } from '../../ports/index.ts';
import { endWork, STOPPED } from './end-work.ts';
import { claimTurn } from './recurring-store.ts';
import type { WorkPermits } from './work-permits.ts';

export interface RecurringWorkerOptions {
  readonly database: Database;
  readonly permits: WorkPermits;
  readonly log: Logger;
  readonly clock: Clock;
  readonly pollMs: Milliseconds;
}

interface RecurringWork {
  readonly name: string;
  readonly intervalMs: Milliseconds;
  readonly handler: (signal: AbortSignal) => Promise<void>;
}

/** Does recurring work whenever its turn is this process's. */
export class RecurringWorker {
  readonly #options: RecurringWorkerOptions;
  readonly #works = new Map<string, RecurringWork>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #turns = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #isWorking = false;

  constructor(options: RecurringWorkerOptions) {
    this.#options = options;
  }

  /** @throws Error when there is one of this name. */
  add(work: RecurringWork): void {
    if (this.#works.has(work.name))
      throw new Error(`there is recurring work of the name ${work.name} already`);
    this.#works.set(work.name, work);
  }

  start(): void {
    this.#isWorking = true;
    for (const work of this.#works.values()) this.#sleep(work, 0);
  }

  async stop(graceMs: Milliseconds): Promise<void> {
    this.#isWorking = false;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await endWork(
      () => [...this.#turns],
      graceMs,
      () => this.#abort.abort(STOPPED),
    );
  }

  #sleep(work: RecurringWork, delayMs: Milliseconds): void {
    if (!this.#isWorking) return;
    const begin = () => {
      const turn = this.#turn(work).finally(() => this.#turns.delete(turn));
      this.#turns.add(turn);
    };
    // Looked at again no later than a poll: the wall clock may be set, and a timer takes 24 days at most.
    this.#timers.set(work.name, setTimeout(begin, Math.min(delayMs, this.#options.pollMs)).unref());
  }

  async #turn(work: RecurringWork): Promise<void> {
    const { database, permits, clock, pollMs, log } = this.#options;
    if (permits.free === 0) return this.#sleep(work, pollMs);
    try {
      const { isMine, nextAt } = await claimTurn(database, work, clock.now());
      if (isMine) await permits.during(() => this.#run(work));
      this.#sleep(work, Math.max(0, nextAt - clock.now()));
    } catch (error) {
      log.error({ err: error, name: work.name }, 'recurring work failed; it waits for its next turn');
      this.#sleep(work, pollMs);
    }
  }

  async #run({ handler, intervalMs }: RecurringWork): Promise<void> {
    const late = new AbortController();
    // Above 24 days a timer would fire at once.
    const timer = setTimeout(
      () => late.abort(new Error('the turn lasted as long as its interval')),
      Math.min(intervalMs, 2 ** 31 - 1),
    );
    try {
      await handler(AbortSignal.any([late.signal, this.#abort.signal]));
    } finally {
      clearTimeout(timer);
    }
  }
}
