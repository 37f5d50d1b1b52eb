import { type Bytes, type Clock, inBothLanguages } from '@maque/kit';
import { AutopsyLimiter, describeAutopsyRefusal } from '../autopsy/autopsy-limiter.ts';
import { describeAutopsy } from '../autopsy/autopsy-text.ts';
import { readAutopsySummary } from '../autopsy/read-autopsy-summary.ts';
import type { EventLog } from '../event-log.ts';

/** A worker that is about to be drained because it leaks. */
export interface Candidate {
  readonly id: string;
  readonly seat: number;
  /** What it takes, and what the box has left; null where nobody knows. */
  readonly workerBytes: Bytes;
  readonly freeBytes: Bytes | null;
}

/** Says which workers may examine themselves before they end, and tells what they found. */
export class AutopsyDuty {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #limiter = new AutopsyLimiter();

  constructor(log: EventLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Whether it may; why not is told. */
  permits({ id, seat, workerBytes, freeBytes }: Candidate): boolean {
    const place = String(seat);
    const nowMs = this.#clock.monotonic();
    const permit = this.#limiter.ask({ place, nowMs, freeBytes, workerBytes });
    if (permit.allowed) this.#limiter.began(id, { place, nowMs });
    else {
      const why = inBothLanguages((language) => describeAutopsyRefusal(permit.reason, language));
      this.#log.add('AUTOPSY_SKIPPED', { worker: id, why });
    }
    return permit.allowed;
  }

  /** A worker says what it found. */
  found(id: string, raw: unknown): void {
    this.#limiter.ended(id);
    const summary = readAutopsySummary(raw);
    if (summary === null) return;
    const finding = inBothLanguages((language) => describeAutopsy(summary, language));
    this.#log.add('WORKER_AUTOPSIED', { worker: id, finding, summary });
  }

  /** A worker has ended, examined or not. */
  ended(id: string): void {
    this.#limiter.ended(id);
  }
}
