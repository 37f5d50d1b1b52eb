import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Bytes, type Clock, KiB, type Milliseconds } from '@maque/kit';
import type { Collector } from '../collect-garbage.ts';
import type { PoolVerdict } from '../detect/verdict.ts';
import { type LeakForecast, type LeakState, poolsOf } from '../export/state.ts';
import type { ResolvedGuardOptions } from '../guard-options.ts';
import { harmless } from '../harmless.ts';
import { Listeners } from '../listeners.ts';
import type { OwnHeap } from '../own-heap.ts';
import type { RequestMeter } from '../requests/request-meter.ts';
import { attempt } from '../sample/attempt.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import type { WorkWatch } from '../sample/work-watch.ts';
import {
  type Confirmation,
  type ConfirmedPoint,
  confirmedGrowth,
  confirmedPoint,
  LEAST_APART_MS,
} from './confirmation.ts';
import { ConfirmedPoints } from './confirmed-points.ts';
import { FloorForcing } from './floor-forcing.ts';
import { LeakWatch, type SuspicionNews } from './leak-watch.ts';
import { ReleaseMemory } from './release-memory.ts';

// Alerts, keeper, a report, a logger: more are a mistake.
const MAX_LISTENERS = 50;

// Measured after three days of samples with eight routes: 90 to 120 KiB, most of it points. They are bounded at 1,000.
const MEMORY: Bytes = 110 * KiB;

export type LeakGuardOptions = Pick<
  ResolvedGuardOptions,
  'leakHorizonMs' | 'forceCollections' | 'baseline'
> & {
  readonly meter: RequestMeter;
  readonly clock: Clock;
  readonly collector: Pick<Collector, 'major' | 'minor' | 'inUse'>;
  /** Left out of what lives in the heap. */
  readonly own: OwnHeap;
  /** Measures forced collections for the guard's account, which is told. */
  readonly beginWork: WorkWatch;
  readonly onCost: (ms: Milliseconds) => void;
  /** Told of each evaluation that forebodes no good of a pool that nobody suspects yet. */
  readonly onForeboding: (verdict: PoolVerdict) => void;
};

/** Everything that looks for leaks in a live process, with its effects: collections, the baseline file, listeners. */
export class LeakGuard {
  readonly #options: LeakGuardOptions;
  readonly #listeners = new Listeners<SuspicionNews>('onSuspicion', MAX_LISTENERS);
  readonly #watch: LeakWatch;
  readonly #forcing = new FloorForcing();
  readonly #floors = new ConfirmedPoints();
  readonly #memory: ReleaseMemory | null;
  #floorAtMs: Milliseconds | null = null;
  #mayForce: boolean;
  #forced = 0;
  #planned: NodeJS.Immediate | null = null;
  #evaluation: LeakWatch['near'] = [];
  #forecasts: readonly LeakForecast[] = [];
  #confirmed: readonly ConfirmedPoint[] = [];

  constructor(options: LeakGuardOptions) {
    const { baseline, clock, own } = options;
    this.#options = options;
    this.#mayForce = options.forceCollections;
    this.#memory = baseline === null ? null : new ReleaseMemory(baseline, clock, warnOfBaseline);
    this.#watch = new LeakWatch({
      horizonMs: options.leakHorizonMs,
      routes: options.meter,
      own,
      settled: this.#memory?.expectedLevels ?? {},
      onNews: (news) => this.#tell(news),
    });
  }

  get state(): LeakState {
    const { near, slow, suspected, levels } = this.#watch;
    return {
      near,
      slow,
      suspected,
      levels: { ...levels },
      release: this.#memory?.compare(levels) ?? null,
      forcedCollections: this.#forced,
    };
  }

  get forecasts(): readonly LeakForecast[] {
    return this.#forecasts;
  }

  /** A day ahead, of the pools that are suspected. */
  get slowForecasts(): readonly LeakForecast[] {
    const { slow, levels } = this.#watch;
    return slow.filter(({ pool }) => levels[pool] !== 'none').map(forecastOf);
  }

  /** Whether samples should come soon, since something may grow and nobody is sure yet. */
  get isInDoubt(): boolean {
    return this.#watch.isInDoubt || this.#watch.floorWish === 'most';
  }

  get byteLength(): Bytes {
    return MEMORY;
  }

  onSuspicion(listener: (news: SuspicionNews) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Takes a sample in. @param samplingMs how far apart samples are now. */
  observe(sample: MemorySample, samplingMs: Milliseconds): void {
    const isDue = this.#watch.isDue(sample.uptimeMs, samplingMs);
    const young = isDue ? this.#withoutYoung(sample, samplingMs) : null;
    if (young === null) this.#watch.observe(sample, samplingMs);
    else this.#watch.observe(young, samplingMs, 'young');
    if (sample.heapFloorAtMs !== this.#floorAtMs) this.#remember(sample, false);
    const { near, levels, foreboding } = this.#watch;
    if (near !== this.#evaluation) {
      this.#evaluation = near;
      this.#forecasts = near.map(forecastOf);
      this.#memory?.evaluated(sample.uptimeMs, near, levels);
      if (foreboding !== null) this.#options.onForeboding(foreboding);
    }
    if (this.#isTimeToForce(sample)) this.#planned ??= setImmediate(harmless(() => this.#force(sample)));
  }

  /**
   * Collects everything, finalizers included, and measures what lives; `measure` takes the sample. It is compared with an
   * earlier confirmation, or else with what earlier collections left, forced or V8's own.
   * The second pass is for what the finalizers of the first have let go of.
   */
  async confirm(measure: () => MemorySample): Promise<Confirmation> {
    let pauseMs = this.#options.collector.major();
    // Finalizers are called in the turn after the collection that found their objects dead.
    await nextTurn();
    await nextTurn();
    pauseMs += this.#options.collector.major();
    // In the same turn: what is in use right after a full collection is what lives.
    const sample = this.#options.own.leaveOut(measure());
    this.#options.onCost(pauseMs);
    const point = confirmedPoint(sample, poolsOf(sample), this.#options.meter.total);
    const asked = this.#confirmed.findLast(({ uptimeMs }) => point.uptimeMs - uptimeMs >= LEAST_APART_MS);
    this.#confirmed = [...(asked === undefined ? [] : [asked]), point];
    const earlier = asked === undefined ? this.#floors.before(point) : { ...asked, isExact: true };
    const since =
      earlier === undefined
        ? null
        : {
            elapsedMs: point.uptimeMs - earlier.uptimeMs,
            isExact: earlier.isExact,
            requests: point.requests - earlier.requests,
            growth: confirmedGrowth(earlier, point),
          };
    return { ...point, pauseMs, since };
  }

  /** Ends it. Settles when what was learnt is written, which nobody has to wait for. */
  async stop(): Promise<void> {
    if (this.#planned !== null) clearImmediate(this.#planned);
    this.#listeners.clear();
    await this.#memory?.save(this.#options.clock.monotonic());
  }

  #isTimeToForce(sample: MemorySample): boolean {
    const { floorWish } = this.#watch;
    const activeRequests = this.#options.meter.active;
    return this.#mayForce && this.#forcing.isTime({ sample, wish: floorWish, activeRequests });
  }

  /** After the sample, so that its time is not taken for the sampler's. */
  #force(sample: MemorySample): void {
    this.#planned = null;
    if (!this.#isTimeToForce(sample)) return;
    const { collector, clock, beginWork, onCost } = this.#options;
    const endWork = beginWork();
    // First the young generation: what the whole collection takes on top had been promoted in vain, and how much that is tells
    // what to make of the time until the next one.
    const minorMs = this.#attempt(() => collector.minor());
    if (minorMs === null) return;
    this.#watch.take({ ...sample, ...collector.inUse(), uptimeMs: clock.monotonic() }, 'young');
    const majorMs = this.#attempt(() => collector.major());
    if (majorMs === null) return;
    const { heapUsed, external } = collector.inUse();
    const uptimeMs = clock.monotonic();
    const collected = {
      ...sample,
      heapUsed,
      external,
      uptimeMs,
      heapFloor: heapUsed,
      heapFloorAtMs: uptimeMs,
    };
    this.#watch.take(collected, 'everything');
    this.#remember(collected, true);
    this.#forcing.forced(sample, majorMs);
    this.#forced += 1;
    onCost(endWork());
  }

  /** Keeps what lived after a collection, to be compared with later. */
  #remember(sample: MemorySample, isExact: boolean): void {
    const { heapFloor, heapFloorAtMs, uptimeMs } = this.#options.own.leaveOut(sample);
    this.#floorAtMs = heapFloorAtMs;
    if (heapFloor === null || !this.#floors.wants(uptimeMs)) return;
    const collected = { ...sample, heapUsed: heapFloor };
    const point = confirmedPoint(collected, poolsOf(collected), this.#options.meter.total);
    this.#floors.add({ ...point, isExact });
  }

  /** The sample as it is right after a minor collection, if one may be forced. */
  #withoutYoung(sample: MemorySample, samplingMs: Milliseconds): MemorySample | null {
    const { collector } = this.#options;
    const moment = { sample, samplingMs, wish: this.#watch.floorWish };
    const isTime = this.#mayForce && this.#forcing.isTimeForMinor(moment);
    const pauseMs = isTime ? this.#attempt(() => collector.minor()) : null;
    if (pauseMs === null) return null;
    this.#forcing.minorForced(sample, pauseMs);
    return { ...sample, ...collector.inUse() };
  }

  /** Flags may be frozen. Without forced collections leaks are found later, and that is all. */
  #attempt(collect: () => Milliseconds): Milliseconds | null {
    const pauseMs = attempt(collect);
    this.#mayForce = pauseMs !== null;
    return pauseMs;
  }

  #tell(news: SuspicionNews): void {
    if (news.level === 'leaking') this.#memory?.foundLeaking(news.verdict, this.#options.clock.monotonic());
    this.#listeners.tell(news);
  }
}

function forecastOf({
  pool,
  verdict,
  probability,
  bytesPerSecond,
  timeToLimitMs,
}: PoolVerdict): LeakForecast {
  return { pool, verdict, probability, bytesPerSecond, timeToLimitMs };
}

function warnOfBaseline(reason: string): void {
  process.emitWarning(`The guard's baseline file is not used: ${reason}`, { code: 'MAQUE_GUARD_BASELINE' });
}
