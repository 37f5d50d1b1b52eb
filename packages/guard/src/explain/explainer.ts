import type { Clock, Milliseconds } from '@maque/kit';
import { MINUTE, SECOND } from '@maque/kit';
import type { Pool, PoolVerdict } from '../detect/verdict.ts';
import { isGrowth } from '../leak-watch/suspicion.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import type { Schedule } from '../sample/schedule.ts';
import { Investigation } from './investigation.ts';
import type { LeakReport } from './leak-report.ts';
import { makeReport } from './make-report.ts';
import { AllocationCounter, LONGEST_PAUSE_MS, samplingInterval } from './profile-cost.ts';
import { wait } from './wait.ts';

/** What an explainer needs of the guard around it. */
export interface ExplainerOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly memory: () => MemorySample;
  /** The latest verdict on each pool. */
  readonly verdicts: () => readonly PoolVerdict[];
  /** Names of the routes that the app declares; empty if it declares none. */
  readonly declaredRoutes: () => readonly string[];
  /** Makes one major collection. @returns how long it took; null if it cannot. */
  readonly collect: () => Milliseconds | null;
  /** Called with each report that was made because a leak was suspected. */
  readonly onReport: (report: LeakReport) => void | Promise<void>;
  /** Called with time that the process stood still. */
  readonly onCost: (ms: Milliseconds) => void;
}

/** What `explain` can be told. */
export interface ExplainOptions {
  /**
   * How long to watch before the report is made: 5 s to 3 min; unless told 45 s when the heap is what grows, else 75 s.
   */
  readonly watchMs?: Milliseconds;
  /** How long the process may stand still at a time: 20 ms to 10 s; 150 ms unless told. */
  readonly maxPauseMs?: Milliseconds;
}

// At 250 KB/s, a leak that takes half an hour on a small box, 45 s leave some hundred samples. Of what grows outside the
// heap the samples see only the small owners, so it takes longer.
const WATCH_MS: Milliseconds = 45 * SECOND;
const WATCH_OUTSIDE_MS: Milliseconds = 75 * SECOND;
// Watching costs one to three percent of a core: not for longer than it has something new to say.
const LONGEST_MS: Milliseconds = 3 * MINUTE;
// From a report that nobody asked for to the next: a suspicion that comes and goes must not keep the process under watch.
const REST_MS = { suspected: 10 * MINUTE, leaking: 2 * MINUTE, foreboding: 10 * MINUTE } as const;
// How fast the app allocates is measured for so long before the profile starts.
const MEASURE_MS: Milliseconds = SECOND;
const MEASURE_STEPS = 20;

type Level = 'suspected' | 'leaking';

/** Watching that has begun before anybody knew what for. */
interface Prepared {
  readonly pool: Pool;
  readonly investigation: Promise<Investigation>;
}

/**
 * Looks closer while memory is suspect, and says what leaks. Idle it costs nothing; one investigation runs at a time, and
 * whoever asks meanwhile gets its report.
 */
export class Explainer {
  readonly #options: ExplainerOptions;
  readonly #stopping = new AbortController();
  #current: Promise<LeakReport> | null = null;
  #prepared: Prepared | null = null;
  #prepareFromMs: Milliseconds = 0;
  #reported: Level | null = null;
  #restUntilMs: Readonly<Record<Level, Milliseconds>> = { suspected: 0, leaking: 0 };

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  /**
   * Begins to watch, since memory would run out soon if it went on like this. Most often it does not, and the watching ends
   * without a word; if a suspicion comes, its report needs no further time. A leak that fills a small heap in two minutes
   * leaves none.
   */
  prepare(verdict: PoolVerdict): void {
    const nowMs = this.#options.clock.monotonic();
    if (this.#current !== null || this.#prepared !== null || nowMs < this.#prepareFromMs) return;
    this.#prepareFromMs = nowMs + REST_MS.foreboding;
    const prepared = { pool: verdict.pool, investigation: this.#begin(verdict, LONGEST_MS) };
    this.#prepared = prepared;
    this.#endInTime(prepared).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) warn(error);
    });
  }

  /** Takes the detector's news: investigates a suspicion, and once more when the leak is certain. */
  suspicion(level: Level | 'recovered', verdict: PoolVerdict): void {
    if (level === 'recovered') {
      this.#reported = null;
      return;
    }
    const nowMs = this.#options.clock.monotonic();
    const isWorse = level === 'leaking' && this.#reported === 'suspected';
    const mayBegin = this.#reported === null && nowMs >= this.#restUntilMs[level];
    if (!isWorse && !mayBegin) return;
    this.#reported = level;
    // The report that is being made will tell the latest verdict.
    if (this.#current !== null) return;
    this.#restUntilMs = { suspected: nowMs + REST_MS.suspected, leaking: nowMs + REST_MS.leaking };
    this.#investigateOnce(verdict, {})
      .then(this.#options.onReport)
      .catch((error: unknown) => {
        if (!this.#stopping.signal.aborted) warn(error);
      });
  }

  /**
   * Watches for a while and says what leaks, whether a leak is suspected or not.
   * @throws RangeError for options out of bounds; Error when the guard is stopped meanwhile.
   */
  async explain(options: ExplainOptions = {}): Promise<LeakReport> {
    inBounds('watchMs', options.watchMs ?? WATCH_MS, 5 * SECOND, LONGEST_MS);
    inBounds('maxPauseMs', options.maxPauseMs ?? LONGEST_PAUSE_MS, 20, 10 * SECOND);
    return await this.#investigateOnce(this.#worstVerdict(), options);
  }

  stop(): void {
    this.#stopping.abort(new Error('the guard is stopped: nothing is explained any more'));
  }

  #investigateOnce(verdict: PoolVerdict | null, options: ExplainOptions): Promise<LeakReport> {
    this.#current ??= this.#investigate(verdict, options).finally(() => {
      this.#current = null;
    });
    return this.#current;
  }

  async #investigate(verdict: PoolVerdict | null, options: ExplainOptions): Promise<LeakReport> {
    const usualMs = isInHeap(verdict) ? WATCH_MS : WATCH_OUTSIDE_MS;
    const { watchMs = usualMs, maxPauseMs = LONGEST_PAUSE_MS } = options;
    const investigation = await (this.#takePrepared(verdict) ?? this.#begin(verdict, watchMs));
    try {
      await this.#wait(watchMs - (this.#options.clock.monotonic() - investigation.startedAtMs));
      return await this.#report(investigation, this.#latest(verdict), maxPauseMs);
    } finally {
      investigation.stop();
    }
  }

  /** @param watchMs how long it will watch, as far as anybody knows. */
  async #begin(verdict: PoolVerdict | null, watchMs: Milliseconds): Promise<Investigation> {
    const { clock, schedule } = this.#options;
    const interval = samplingInterval({
      inHeap: isInHeap(verdict),
      bytesPerSecond: Math.max(0, verdict?.bytesPerSecond ?? 0),
      allocatedPerSecond: await this.#allocationRate(),
      longestMs: watchMs,
    });
    return new Investigation({ clock, schedule, interval, longestMs: LONGEST_MS });
  }

  /** What has been watched already, if it was the same pool: others are sampled at another distance. */
  #takePrepared(verdict: PoolVerdict | null): Promise<Investigation> | null {
    const prepared = this.#prepared;
    if (prepared === null) return null;
    this.#prepared = null;
    if (verdict === null || verdict.pool === prepared.pool) return prepared.investigation;
    prepared.investigation.then((investigation) => investigation.stop()).catch(() => {});
    return null;
  }

  /** Ends what was begun in vain. */
  async #endInTime(prepared: Prepared): Promise<void> {
    const investigation = await prepared.investigation;
    try {
      await this.#wait(LONGEST_MS);
    } finally {
      if (this.#prepared === prepared) {
        this.#prepared = null;
        investigation.stop();
      }
    }
  }

  async #report(
    investigation: Investigation,
    verdict: PoolVerdict | null,
    maxPauseMs: Milliseconds,
  ): Promise<LeakReport> {
    const { clock, memory, collect, declaredRoutes, onCost } = this.#options;
    const sample = memory();
    const findings = await investigation.findings({
      maxPauseMs,
      live: Math.min(sample.heapUsed, sample.heapFloor ?? sample.heapUsed),
      collectedAtMs: sample.heapFloorAtMs,
      collect,
      signal: this.#stopping.signal,
    });
    const begunAtMs = clock.monotonic();
    const report = makeReport(findings, {
      atMs: clock.now(),
      uptimeMs: sample.uptimeMs,
      folder: process.cwd(),
      script: process.argv[1] ?? '',
      verdict,
      declared: declaredRoutes(),
    });
    const reportMs = clock.monotonic() - begunAtMs;
    onCost(findings.pauseMs + reportMs);
    return { ...report, cost: { ...report.cost, reportMs: Math.round(reportMs) } };
  }

  /** Bytes a second. */
  async #allocationRate(): Promise<number> {
    const counter = new AllocationCounter();
    const before = counter.read();
    for (let step = 0; step < MEASURE_STEPS; step += 1) {
      await this.#wait(MEASURE_MS / MEASURE_STEPS);
      counter.read();
    }
    return ((counter.read() - before) * SECOND) / MEASURE_MS;
  }

  /** The verdict of the same pool as it stands now, unless it wavers: then the one that a report is made for. */
  #latest(verdict: PoolVerdict | null): PoolVerdict | null {
    const latest = this.#options.verdicts().find(({ pool }) => pool === verdict?.pool);
    return latest !== undefined && isGrowth(latest.verdict) ? latest : verdict;
  }

  #worstVerdict(): PoolVerdict | null {
    const growing = this.#options.verdicts().filter(({ verdict }) => isGrowth(verdict));
    return growing.sort((a, b) => b.probability - a.probability)[0] ?? null;
  }

  #wait(ms: Milliseconds): Promise<void> {
    return wait(ms, this.#options.schedule, this.#stopping.signal);
  }
}

/** Where nobody knows which pool grows, it is looked at as closely as for the smallest owners. */
function isInHeap(verdict: PoolVerdict | null): boolean {
  return verdict?.pool === 'heap';
}

function warn(error: unknown): void {
  process.emitWarning(`The guard could not explain a leak: ${error}`, { code: 'MAQUE_GUARD_EXPLAIN' });
}

function inBounds(name: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw new RangeError(`explain: ${name} must be from ${min} to ${max}, not ${String(value).slice(0, 40)}`);
}
