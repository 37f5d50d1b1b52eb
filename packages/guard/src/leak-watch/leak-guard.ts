import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Milliseconds } from '@maque/kit';
import { collectGarbage, collectOnce } from '../collect-garbage.ts';
import { type LeakForecast, type LeakState, poolsOf } from '../export/state.ts';
import type { ResolvedGuardOptions } from '../guard-options.ts';
import { Listeners } from '../listeners.ts';
import type { RequestMeter } from '../requests/request-meter.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import {
  type Confirmation,
  type ConfirmedPoint,
  confirmedGrowth,
  confirmedPoint,
  LEAST_APART_MS,
} from './confirmation.ts';
import { FloorForcing } from './floor-forcing.ts';
import { LeakWatch, type SuspicionNews } from './leak-watch.ts';
import { ReleaseMemory } from './release-memory.ts';

// Alerts, keeper, a report, a logger: more are a mistake.
const MAX_LISTENERS = 50;

export type LeakGuardOptions = Pick<
  ResolvedGuardOptions,
  'leakHorizonMs' | 'forceCollections' | 'baseline'
> & {
  readonly meter: RequestMeter;
  readonly clock: Clock;
  /** Told how long a forced collection took. */
  readonly onCost: (ms: Milliseconds) => void;
};

/** Everything that looks for leaks in a live process, with its effects: collections, the baseline file, listeners. */
export class LeakGuard {
  readonly #options: LeakGuardOptions;
  readonly #listeners = new Listeners<SuspicionNews>('onSuspicion', MAX_LISTENERS);
  readonly #watch: LeakWatch;
  readonly #forcing = new FloorForcing();
  readonly #memory: ReleaseMemory | null;
  #mayForce: boolean;
  #forced = 0;
  #planned: NodeJS.Immediate | null = null;
  #evaluation: LeakWatch['near'] = [];
  #forecasts: readonly LeakForecast[] = [];
  #confirmed: readonly ConfirmedPoint[] = [];

  constructor(options: LeakGuardOptions) {
    const { baseline, clock } = options;
    this.#options = options;
    this.#mayForce = options.forceCollections;
    this.#memory = baseline === null ? null : new ReleaseMemory(baseline, clock, warnOfBaseline);
    this.#watch = new LeakWatch({
      horizonMs: options.leakHorizonMs,
      routes: options.meter,
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

  /** Whether samples should come soon, since something may grow and nobody is sure yet. */
  get isInDoubt(): boolean {
    return this.#watch.isInDoubt;
  }

  onSuspicion(listener: (news: SuspicionNews) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Takes a sample in. @param samplingMs how far apart samples are now. */
  observe(sample: MemorySample, samplingMs: Milliseconds): void {
    this.#watch.observe(sample, samplingMs);
    const { near, levels } = this.#watch;
    if (near !== this.#evaluation) {
      this.#evaluation = near;
      this.#forecasts = near.map(({ pool, verdict, probability, bytesPerSecond, timeToLimitMs }) => ({
        pool,
        verdict,
        probability,
        bytesPerSecond,
        timeToLimitMs,
      }));
      this.#memory?.evaluated(sample.uptimeMs, near, levels);
    }
    if (this.#isTimeToForce(sample)) this.#planned ??= setImmediate(() => this.#force(sample));
  }

  /**
   * Collects everything, finalizers included, and measures what lives; `measure` takes the sample.
   * The second pass is for what the finalizers of the first have let go of.
   */
  async confirm(measure: () => MemorySample): Promise<Confirmation> {
    let pauseMs = collectGarbage();
    await nextTurn();
    pauseMs += collectGarbage();
    // In the same turn: what is in use right after a full collection is what lives.
    const sample = measure();
    this.#options.onCost(pauseMs);
    const point = confirmedPoint(sample, poolsOf(sample), this.#options.meter.total);
    const earlier = this.#confirmed.findLast(({ uptimeMs }) => point.uptimeMs - uptimeMs >= LEAST_APART_MS);
    this.#confirmed = [...(earlier === undefined ? [] : [earlier]), point];
    const since =
      earlier === undefined
        ? null
        : {
            elapsedMs: point.uptimeMs - earlier.uptimeMs,
            requests: point.requests - earlier.requests,
            growth: confirmedGrowth(earlier, point),
          };
    return { ...point, pauseMs, since };
  }

  stop(): void {
    if (this.#planned !== null) clearImmediate(this.#planned);
    this.#listeners.clear();
    this.#memory?.save(this.#options.clock.monotonic());
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
    try {
      const pauseMs = collectOnce();
      this.#forcing.forced(sample, pauseMs);
      this.#forced += 1;
      this.#options.onCost(pauseMs);
    } catch {
      // Flags may be frozen. Without forced floors leaks are found later, and that is all.
      this.#mayForce = false;
    }
  }

  #tell(news: SuspicionNews): void {
    if (news.level === 'leaking') this.#memory?.foundLeaking(news.verdict, this.#options.clock.monotonic());
    this.#listeners.tell(news);
  }
}

function warnOfBaseline(reason: string): void {
  process.emitWarning(`The guard's baseline file is not used: ${reason}`, { code: 'MAQUE_GUARD_BASELINE' });
}
