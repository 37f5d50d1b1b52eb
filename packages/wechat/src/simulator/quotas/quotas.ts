import { DAY, HOUR, MINUTE, SECOND } from '@maque/kit';
import { BoundedMap } from '../bounded-map.ts';
import type { SimulatorClock } from '../movable-clock.ts';
import { RateLimiter } from '../rate-limiter.ts';
import { Refusal } from '../refusal.ts';
import type { PathRates } from './path-rates.ts';

// All routes of the simulator, twice; the oldest count restarts beyond it.
const MAX_PATHS = 128;

// China's days: WeChat counts anew at midnight there.
const CHINA_OFFSET_MS = 8 * HOUR;

// Where WeChat publishes no number. It is what the query of a quota shows for many paths of small accounts.
const USUAL_PER_DAY = 1_000_000;

const MOST_RESETS_A_MONTH = 10;

interface DayCount {
  readonly day: number;
  used: number;
}

/** What is left of a path's calls today. */
export interface DailyUsage {
  readonly limit: number;
  readonly used: number;
}

/** Counts calls of each path against what WeChat allows in a second, a minute and a day. */
export class Quotas {
  readonly #days = new BoundedMap<DayCount>(MAX_PATHS);
  readonly #lowered = new BoundedMap<PathRates>(MAX_PATHS);
  readonly #limiter: RateLimiter;
  readonly #clock: SimulatorClock;
  #resets = { month: '', used: 0 };

  constructor(clock: SimulatorClock) {
    this.#clock = clock;
    this.#limiter = new RateLimiter(clock);
  }

  /** Counts one call. @throws Refusal 44990, 44991 or 45009, or what else the path has for it. */
  count(path: string, published: PathRates): void {
    const rates = this.ratesOf(path, published);
    const { perSecond, perMinute } = rates;
    if (perSecond !== undefined) {
      this.#limiter.count(`second ${path}`, { limit: perSecond, perMs: SECOND, errcode: 44990 });
    }
    if (perMinute !== undefined) {
      const errcode = rates.minuteErrcode ?? 44991;
      this.#limiter.count(`minute ${path}`, { limit: perMinute, perMs: MINUTE, errcode });
    }
    const today = this.#today(rates.dayGroup ?? path);
    if (today.used >= (rates.perDay ?? USUAL_PER_DAY)) throw new Refusal(rates.dayErrcode ?? 45009);
    today.used += 1;
  }

  /** What counts for a path: what was set for it here, else what WeChat publishes. */
  ratesOf(path: string, published: PathRates): PathRates {
    return { ...published, ...this.#lowered.get(path) };
  }

  usage(path: string, published: PathRates): DailyUsage {
    const rates = this.ratesOf(path, published);
    return { limit: rates.perDay ?? USUAL_PER_DAY, used: this.#today(rates.dayGroup ?? path).used };
  }

  /** Other limits for a path than WeChat's: a test reaches 3 calls sooner than 2,000,000. */
  set(path: string, rates: Pick<PathRates, 'perDay' | 'perMinute' | 'perSecond'>): void {
    this.#lowered.set(path, rates);
  }

  /** All paths may be called anew today. @throws Refusal 48006 for the eleventh time in a month. */
  reset(): void {
    const month = new Date(this.#clock.now() + CHINA_OFFSET_MS).toISOString().slice(0, 7);
    if (this.#resets.month !== month) this.#resets = { month, used: 0 };
    if (this.#resets.used >= MOST_RESETS_A_MONTH) throw new Refusal(48006);
    this.#resets.used += 1;
    for (const count of this.#days.newestFirst()) count.used = 0;
  }

  #today(key: string): DayCount {
    const day = Math.floor((this.#clock.now() + CHINA_OFFSET_MS) / DAY);
    const known = this.#days.get(key);
    if (known?.day === day) return known;
    const fresh = { day, used: 0 };
    this.#days.set(key, fresh);
    return fresh;
  }
}
