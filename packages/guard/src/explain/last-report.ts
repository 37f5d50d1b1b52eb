import { type Clock, HOUR, type Milliseconds } from '@maque/kit';
import type { LeakReport } from './leak-report.ts';

// What was found out longer ago may be of another leak.
const REMEMBERED_MS: Milliseconds = HOUR;

/** The last report, for when the next look has to be cut short. */
export class LastReport {
  readonly #clock: Clock;
  #report: LeakReport | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  keep(report: LeakReport): void {
    this.#report = report;
  }

  /** Of a look that was cut short and the last whole one, if it is of this time, the one that names more. */
  orBetter(now: LeakReport): LeakReport {
    const last = this.#report;
    const isOld = last === null || this.#clock.now() - Date.parse(last.at) > REMEMBERED_MS;
    if (isOld || strengthOf(last) <= strengthOf(now)) return now;
    const { at, process, verdict } = now;
    const refused = [...last.refused, { code: 'watched-earlier', until: last.at } as const];
    return { ...last, at, process, verdict: verdict ?? last.verdict, refused };
  }
}

/** How much a report names, and how surely. */
function strengthOf({ routes, sites, piles }: LeakReport): number {
  return [routes, sites, piles].reduce((sum, claims) => sum + (claims[0]?.confidence ?? 0), 0);
}
