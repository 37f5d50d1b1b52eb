import type { Clock, Milliseconds } from '@maque/kit';

// The clock may be moved ahead at any time, which no timer notices; nobody waits longer than this for what came due so.
const LONGEST_SLEEP: Milliseconds = 100;

interface Appointment {
  readonly dueMs: Milliseconds;
  readonly run: () => void;
}

/** What is to happen later, by a clock that can be moved. Holds no process open. */
export class Agenda {
  /** The next one last. */
  readonly #appointments: Appointment[] = [];
  readonly #clock: Clock;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs that once `delayMs` have passed; never before this call has returned. */
  in(delayMs: Milliseconds, run: () => void): void {
    const dueMs = this.#clock.monotonic() + delayMs;
    this.#appointments.splice(this.#placeOf(dueMs), 0, { dueMs, run });
    this.#wakeUp();
  }

  /** Forgets all that was to happen. */
  clear(): void {
    this.#appointments.length = 0;
    clearTimeout(this.#timer);
  }

  /** Before all that is due at that time already: they run in the order in which they were made. */
  #placeOf(dueMs: Milliseconds): number {
    let low = 0;
    let high = this.#appointments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#appointments[middle]?.dueMs ?? 0) > dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #wakeUp(): void {
    clearTimeout(this.#timer);
    const next = this.#appointments.at(-1);
    if (next === undefined) return;
    const sleepMs = Math.min(Math.max(next.dueMs - this.#clock.monotonic(), 0), LONGEST_SLEEP);
    this.#timer = setTimeout(() => this.#runDue(), sleepMs).unref();
  }

  #runDue(): void {
    const nowMs = this.#clock.monotonic();
    for (let next = this.#appointments.at(-1); next !== undefined; next = this.#appointments.at(-1)) {
      if (next.dueMs > nowMs) break;
      this.#appointments.pop();
      next.run();
    }
    this.#wakeUp();
  }
}
