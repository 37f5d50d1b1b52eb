import { type Bytes, DAY, HOUR, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { createDetector, type Detector } from '../detect/detector.ts';
import { detectorSample } from '../detect/detector-sample.ts';
import { POOLS, type Pool, type PoolVerdict, type Verdict } from '../detect/verdict.ts';
import type { OwnHeap } from '../own-heap.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import { FloorRise } from './floor-rise.ts';
import { RouteCounts, type RouteTotals } from './route-counts.ts';
import { isGrowth, Suspicion, type SuspicionLevel, voteOf } from './suspicion.ts';

/** A pool came under suspicion, the suspicion became firm, or it was taken back. */
export interface SuspicionNews {
  readonly pool: Pool;
  readonly level: 'suspected' | 'leaking' | 'recovered';
  /** Of the evaluation that made the difference. */
  readonly verdict: PoolVerdict;
}

/**
 * How much a true floor would tell now: `most` when an evaluation has said that it grows and the next one may make a suspicion
 * of it, `much` while growth is in doubt, `some` to follow what is known to leak, and to see whether what has come on top of the
 * last floor is garbage.
 */
export type FloorWish = 'none' | 'some' | 'much' | 'most';

/** What was collected, by force, in the very turn in which a sample was taken. */
export type Collected = 'nothing' | 'young' | 'everything';

export interface LeakWatchOptions {
  /** How far the near channel looks ahead. */
  readonly horizonMs: Milliseconds;
  readonly routes: RouteTotals;
  /** Left out of what lives in the heap. */
  readonly own: OwnHeap;
  /** Levels at which this app was well in earlier runs. */
  readonly settled: Readonly<Partial<Record<Pool, Bytes>>>;
  readonly onNews: (news: SuspicionNews) => void;
}

// An evaluation takes 50 to 175 µs. Points are 4 s apart: asking more often than every 5 s tells little, but while growth
// is in doubt two answers have to agree before anybody hears of it, and half of that time is worth its price.
const BUSY_EVERY_MS: Milliseconds = 5 * SECOND;
const DOUBTFUL_EVERY_MS: Milliseconds = 2.5 * SECOND;
const CALM_EVERY_MS: Milliseconds = 30 * SECOND;
// A process whose samples are further apart than this does next to nothing (2.5 % of a core with the usual bounds).
export const CALM_SAMPLING_MS: Milliseconds = 5 * SECOND;
// What takes days does not need to be asked for more often; before an hour has passed a day ahead is a guess.
const SLOW_HORIZON_MS: Milliseconds = DAY;
const SLOW_EVERY_MS: Milliseconds = 5 * MINUTE;
const SLOW_FROM_MS: Milliseconds = HOUR;
// The slow channel speaks only of what is near certain: it looks so far ahead that a wavering floor can look like growth.
const SLOW_PROBABILITY = 0.9;
// A report takes 45 s and more after the suspicion, which in a warm-up comes late. Where the limit is this near there would be
// no time for it. Only there: what watches more closely takes memory itself, and made the detector half as quick.
const FOREBODING = { probability: 0.5, timeToLimitMs: 3 * MINUTE } as const;
const DOUBTFUL_GROWTH = 0.1;
// While an app loads its modules and compiles what is called first, it grows by MiB a second: what is small then says nothing
// of what it needs later.
const LOADING_MS: Milliseconds = 10 * SECOND;
// The collection that gave an exact floor is seen by the usual way too, a little later and less exactly.
const ECHO_MS: Milliseconds = SECOND;
// Floors of a process in which nothing grows stray by 1.1 MiB.
const DOUBTFUL_RISE: Bytes = 2 * MiB;

/**
 * Runs the detector on a live process: feeds it each sample, asks it at a pace that follows the work, and answers what
 * several evaluations agree on. Everything it needs comes in with the sample.
 */
export class LeakWatch {
  readonly #options: LeakWatchOptions;
  readonly #detector: Detector;
  readonly #routes: RouteCounts;
  readonly #rise = new FloorRise();
  readonly #suspicions = byPool(() => ({ near: new Suspicion(), slow: new Suspicion() }));
  readonly #levels: Record<Pool, SuspicionLevel> = byPool(() => 'none');
  #near: readonly PoolVerdict[] = [];
  #slow: readonly PoolVerdict[] = [];
  /** When the last floor was read in the turn of its collection. */
  #exactAtMs = Number.NEGATIVE_INFINITY;
  #nearDueMs: Milliseconds | null = null;
  #slowDueMs = SLOW_FROM_MS;

  constructor(options: LeakWatchOptions) {
    this.#options = options;
    this.#detector = createDetector({ horizonMs: options.horizonMs, settled: options.settled });
    this.#routes = new RouteCounts(options.routes);
  }

  /** The last evaluation, one verdict a pool; empty before the first. */
  get near(): readonly PoolVerdict[] {
    return this.#near;
  }

  /** The same a day ahead; empty in the first hour. */
  get slow(): readonly PoolVerdict[] {
    return this.#slow;
  }

  get levels(): Readonly<Record<Pool, SuspicionLevel>> {
    return this.#levels;
  }

  /** A warm-up that nobody suspects yet, and that is likely to reach its limit soon; null when there is none. */
  get foreboding(): PoolVerdict | null {
    const isBad = ({ pool, verdict, probability, timeToLimitMs }: PoolVerdict): boolean =>
      verdict === 'warming-up' &&
      this.#levels[pool] === 'none' &&
      probability >= FOREBODING.probability &&
      timeToLimitMs !== null &&
      timeToLimitMs <= FOREBODING.timeToLimitMs;
    return this.#near.find(isBad) ?? null;
  }

  /** The pool that most needs a look; null when none does. */
  get suspected(): Pool | null {
    const rank = (pool: Pool): number =>
      RANKS[this.#levels[pool]] + (this.#near.find((verdict) => verdict.pool === pool)?.probability ?? 0);
    const first = [...POOLS].sort((a, b) => rank(b) - rank(a))[0];
    return first === undefined || this.#levels[first] === 'none' ? null : first;
  }

  /** Whether samples should come at the fastest pace for a while: something may grow, and nobody is sure yet. */
  get isInDoubt(): boolean {
    return this.#near.some(
      ({ pool, growthProbability }) =>
        growthProbability >= DOUBTFUL_GROWTH && this.#levels[pool] !== 'leaking',
    );
  }

  /** Native memory is left alone by collections. */
  get floorWish(): FloorWish {
    const collected = this.#near.filter(({ pool }) => pool !== 'native');
    if (collected.some(({ pool }) => this.#levels[pool] === 'leaking')) return 'some';
    if (collected.some(({ pool, verdict }) => isGrowth(verdict) && this.#levels[pool] === 'none'))
      return 'most';
    const seemsToGrow = collected.some(({ growthProbability }) => growthProbability >= DOUBTFUL_GROWTH);
    if (seemsToGrow || this.#rise.ofFloors >= DOUBTFUL_RISE) return 'much';
    return this.#rise.sinceFloor >= DOUBTFUL_RISE ? 'some' : 'none';
  }

  /**
   * Whether the sample of this moment will be followed by an evaluation: of two samples around the time, the nearer one. The
   * first ones never are: they show nothing yet.
   */
  isDue(nowMs: Milliseconds, samplingMs: Milliseconds): boolean {
    this.#nearDueMs ??= Math.max(nowMs, LOADING_MS) + BUSY_EVERY_MS;
    return nowMs + samplingMs / 2 >= this.#nearDueMs;
  }

  /**
   * Takes a sample in, and evaluates when it is time.
   * @param samplingMs how far apart samples are now.
   */
  observe(sample: MemorySample, samplingMs: Milliseconds, after: Collected = 'nothing'): void {
    if (!this.take(sample, after)) return;
    if (this.isDue(sample.uptimeMs, samplingMs)) this.#evaluateNear(sample.uptimeMs, samplingMs);
    if (sample.uptimeMs >= this.#slowDueMs) this.#evaluateSlow(sample.uptimeMs);
  }

  /** Takes a sample in and no more. False when it is of no use: while the app loads, and a second one of one millisecond. */
  take(raw: MemorySample, after: Collected): boolean {
    const sample = this.#options.own.leaveOut(raw);
    const isExact = after === 'everything';
    if (isExact) this.#exactAtMs = sample.heapFloorAtMs ?? this.#exactAtMs;
    if (sample.uptimeMs < LOADING_MS) return false;
    const floorIsOfUse =
      isExact || (sample.heapFloorAtMs ?? 0) >= Math.max(LOADING_MS, this.#exactAtMs + ECHO_MS);
    const known = floorIsOfUse ? sample : { ...sample, heapFloor: null, heapFloorAtMs: null };
    this.#rise.add(known);
    const seen = detectorSample(known, this.#routes.read());
    // Without a count of minor collections the detector takes the sample for one right after one.
    const minors = after === 'nothing' ? seen.minors : null;
    return this.#detector.push({ ...seen, minors, isFloorExact: isExact });
  }

  #evaluateNear(nowMs: Milliseconds, samplingMs: Milliseconds): void {
    this.#routes.follow();
    this.#near = this.#detector.evaluate();
    for (const verdict of this.#near) {
      const { near } = this.#suspicions[verdict.pool];
      near.add(voteOf(verdict, near.level));
      this.#settle(verdict);
    }
    const calm = samplingMs > CALM_SAMPLING_MS ? CALM_EVERY_MS : BUSY_EVERY_MS;
    const isSoon = this.isInDoubt || this.#near.some((verdict) => this.#seemsToRise(verdict));
    this.#nearDueMs = nowMs + (isSoon ? DOUBTFUL_EVERY_MS : calm);
  }

  /** Few points may be steps, and make no growth yet; the next one may, and two evaluations have to follow it. */
  #seemsToRise({ pool, bytesPerSecondInterval: [low] }: PoolVerdict): boolean {
    return low > 0 && this.#levels[pool] === 'none';
  }

  #evaluateSlow(nowMs: Milliseconds): void {
    this.#slowDueMs = nowMs + SLOW_EVERY_MS;
    this.#slow = this.#detector.evaluate(Math.max(SLOW_HORIZON_MS, this.#options.horizonMs));
    for (const verdict of this.#slow) {
      this.#suspicions[verdict.pool].slow.add(slowVerdict(verdict));
      this.#settle(verdict);
    }
  }

  /** Puts both channels' words on a pool together, and tells when they have changed. */
  #settle(verdict: PoolVerdict): void {
    const { pool } = verdict;
    const { near, slow } = this.#suspicions[pool];
    const level = near.level === 'none' ? slow.level : near.level;
    const before = this.#levels[pool];
    if (level === before) return;
    this.#levels[pool] = level;
    // From `leaking` back to `suspected` is no news.
    if (level === 'none') this.#options.onNews({ pool, level: 'recovered', verdict });
    else if (RANKS[level] > RANKS[before]) this.#options.onNews({ pool, level, verdict });
  }
}

const RANKS: Readonly<Record<SuspicionLevel, number>> = { none: 0, suspected: 2, leaking: 4 };

/** A day ahead, a leak that is nearly certain to reach the limit is a reason to look closer, and no more than that. */
function slowVerdict({ verdict, probability }: PoolVerdict): Verdict {
  return verdict === 'leaking' && probability >= SLOW_PROBABILITY ? 'growing' : 'healthy';
}

function byPool<Value>(make: (pool: Pool) => Value): Record<Pool, Value> {
  return { heap: make('heap'), external: make('external'), native: make('native') };
}
