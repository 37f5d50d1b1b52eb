import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { DrainNotice, Examine } from '../link-interface.ts';
import { Drain, type DrainLimits } from './drain.ts';
import type { Traffic } from './traffic.ts';

export type DrainListener = (drain: DrainNotice) => void | Promise<void>;

/** The word to leave. */
export interface DepartureOrder extends DrainLimits {
  readonly reason: string;
  /** Whether the process examines itself after its last request. */
  readonly autopsy: boolean;
}

/** Whom the process tells on its way out. */
export interface DepartureReports {
  examined(summary: object): void;
  left(requestsCut: number): void;
}

// What listeners get for closing when the requests took all the time; half of what the keeper adds to the deadline.
const LAST_WORDS_MS: Milliseconds = SECOND;

// Two forced collections of 400 MB take half a second, a snapshot 5 s and the helper that redacts it some ten more. What
// takes longer hangs, and a worker that is examined holds the memory that its successor needs.
const EXAMINATION_MS: Milliseconds = MINUTE;

/** Ends this process in order: the traffic, then the examination if one is wanted, then what the app has to close. */
export class Departure {
  readonly #traffic: Traffic;
  readonly #reports: DepartureReports;
  readonly #listeners: DrainListener[] = [];
  #examine: Examine = () => Promise.resolve(null);
  #drain: Drain | undefined;

  constructor(traffic: Traffic, reports: DepartureReports) {
    this.#traffic = traffic;
    this.#reports = reports;
  }

  onDrain(listener: DrainListener): void {
    this.#listeners.push(listener);
  }

  onAutopsy(examine: Examine): void {
    this.#examine = examine;
  }

  /** Begins, or makes haste when it has begun. */
  order(order: DepartureOrder): void {
    if (this.#drain === undefined) {
      this.#drain = new Drain(this.#traffic, order);
      void this.#leave(this.#drain, order);
    } else {
      this.#drain.hurry(order);
    }
  }

  async #leave(drain: Drain, { reason, autopsy }: DepartureOrder): Promise<void> {
    const settling = drain.settled();
    // What the app closes then is part of what is examined, the guard itself for one.
    const settled = settling.then(() => (autopsy ? this.#autopsy() : undefined));
    const notice: DrainNotice = { reason, deadlineMs: drain.leftMs, settled };
    const listeners = Promise.allSettled(this.#listeners.map(async (listener) => listener(notice)));
    await settled;
    await Promise.race([listeners, pause(Math.max(LAST_WORDS_MS, drain.leftMs))]);
    this.#reports.left(await settling);
  }

  /** Never rejects: a process that has to go goes, with or without an examination. */
  async #autopsy(): Promise<void> {
    try {
      const summary = await Promise.race([this.#examine(), pause(EXAMINATION_MS)]);
      if (typeof summary === 'object' && summary !== null) this.#reports.examined(summary);
    } catch (error) {
      process.emitWarning(`The process could not be examined: ${error}`, { code: 'MAQUE_KEEPER_AUTOPSY' });
    }
  }
}

function pause(ms: Milliseconds): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
