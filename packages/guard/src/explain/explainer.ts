import type { Clock, Milliseconds } from '@maque/kit';
import { MINUTE, SECOND } from '@maque/kit';
import type { PoolVerdict } from '../detect/verdict.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import type { Schedule } from '../sample/schedule.ts';
import { Investigation } from './investigation.ts';
import type { LeakReport, Refusal } from './leak-report.ts';
import { makeReport } from './make-report.ts';
import { AllocationCounter, LONGEST_PAUSE_MS, predictPause, samplingInterval } from './profile-cost.ts';

/** What an explainer needs of the guard around it. */
export interface ExplainerOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly memory: () => MemorySample;
  /** The latest verdict on each pool. */
  readonly verdicts: () => readonly PoolVerdict[];
  /** Names of the routes that the app declares; empty if it declares none. */
  readonly declaredRoutes: () => readonly string[];
  /** Called with each report that was made because a leak was suspected. */
  readonly onReport: (report: LeakReport) => void;
  /** Called with time that the process stood still. */
  readonly onCost: (ms: Milliseconds) => void;
}

/** What `explain` can be told. */
export interface ExplainOptions {
  /** How long to watch before the report is made: 5 s to 3 min; 45 s unless told, 75 s when memory outside the heap is
   * what grows. Time watched already counts. */
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
const REST_MS = { suspected: 10 * MINUTE, leaking: 2 * MINUTE } as const;
// How fast the app allocates is measured for so long before the profile starts.
const MEASURE_MS: Milliseconds = SECOND;
const MEASURE_STEPS = 20;

/**
 * Looks closer while memory is suspect, and says what leaks. Idle it costs nothing; at most one investigation runs at a
 * time.
 */
export class Explainer {
  readonly #options: ExplainerOptions;
  #running: Investigation | null = null;
  #beginning: Promise<void> | null = null;
  #refused: Refusal[] = [];
  #longestPauseMs: Milliseconds = 0;
  #restUntilMs: Record<'suspected' | 'leaking', Milliseconds> = { suspected: 0, leaking: 0 };
  #reported: 'suspected' | 'leaking' | null = null;
  #waiting = 0;
  #stopped = false;
  readonly #pending = new Set<() => void>();

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  /**
   * Takes the detector's news: watches from the first suspicion on, reports once it has watched for long enough and
   * again when the leak is certain, and stops when all is calm.
   */
  suspicion(level: 'suspected' | 'leaking' | 'recovered', verdict: PoolVerdict): void {
    if (level === 'recovered') {
      this.#reported = null;
      if (this.#waiting === 0) this.#end();
      return;
    }
    const isWorse = level === 'leaking' && this.#reported === 'suspected';
    const mayBegin = this.#reported === null && this.#options.clock.monotonic() >= this.#restUntilMs[level];
    if (this.#stopped || !(isWorse || mayBegin)) return;
    this.#reported = level;
    // A report that is being made will tell the latest verdict.
    if (this.#waiting > 0) return;
    const { clock, onReport } = this.#options;
    const nowMs = clock.monotonic();
    this.#restUntilMs = { suspected: nowMs + REST_MS.suspected, leaking: nowMs + REST_MS.leaking };
    this.#report(verdict, watchFor(verdict), LONGEST_PAUSE_MS)
      .then(onReport)
      .catch((error: unknown) => {
        if (!this.#stopped) warn(error);
      });
  }

  /**
   * Watches for a while and says what leaks, whether a leak is suspected or not.
   * @throws RangeError for options out of bounds; Error when the guard is stopped meanwhile.
   */
  async explain(options: ExplainOptions = {}): Promise<LeakReport> {
    const verdict = this.#worstVerdict();
    const { watchMs = watchFor(verdict), maxPauseMs = LONGEST_PAUSE_MS } = options;
    inBounds('watchMs', watchMs, 5 * SECOND, LONGEST_MS);
    inBounds('maxPauseMs', maxPauseMs, 20, 10 * SECOND);
    return await this.#report(verdict, watchMs, maxPauseMs);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of [...this.#pending]) cancel();
    this.#end();
  }

  async #report(
    verdict: PoolVerdict | null,
    watchMs: Milliseconds,
    maxPauseMs: Milliseconds,
  ): Promise<LeakReport> {
    this.#waiting += 1;
    try {
      this.#beginning ??= this.#begin(verdict).finally(() => {
        this.#beginning = null;
      });
      await this.#beginning;
      const investigation = this.#running;
      if (investigation === null) throw stopped();
      await this.#wait(watchMs - investigation.ageMs);
      return await this.#make(investigation, this.#latest(verdict), maxPauseMs);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#end();
    }
  }

  async #make(
    investigation: Investigation,
    verdict: PoolVerdict | null,
    maxPauseMs: Milliseconds,
  ): Promise<LeakReport> {
    const { clock, memory, declaredRoutes, onCost } = this.#options;
    const sample = memory();
    const predictedMs = predictPause(liveHeap(sample));
    const tooLong: Refusal[] =
      predictedMs > maxPauseMs
        ? [{ code: 'pause-too-long', predictedMs: Math.round(predictedMs), allowedMs: maxPauseMs }]
        : [];
    const readable = tooLong.length === 0 && investigation.isProfiling;
    const findings = await investigation.findings(readable ? null : (sample.heapFloorAtMs ?? 0));
    if (findings.pauseMs !== null) {
      this.#longestPauseMs = Math.max(this.#longestPauseMs, findings.pauseMs);
      onCost(findings.pauseMs);
    }
    const begunAtMs = clock.monotonic();
    const report = makeReport(findings, {
      atMs: clock.now(),
      uptimeMs: sample.uptimeMs,
      folder: process.cwd(),
      script: process.argv[1] ?? '',
      verdict,
      declared: declaredRoutes(),
      refused: [...this.#refused, ...tooLong],
      longestPauseMs: this.#longestPauseMs,
    });
    onCost(clock.monotonic() - begunAtMs);
    return report;
  }

  async #begin(verdict: PoolVerdict | null): Promise<void> {
    if (this.#running !== null && this.#running.ageMs < LONGEST_MS) return;
    this.#end();
    const { clock, schedule } = this.#options;
    const allocatedPerSecond = await this.#allocationRate();
    this.#refused = [];
    this.#longestPauseMs = 0;
    this.#running = new Investigation({
      clock,
      schedule,
      longestMs: LONGEST_MS,
      interval: samplingInterval({
        inHeap: verdict === null || verdict.pool === 'heap',
        bytesPerSecond: Math.max(0, verdict?.bytesPerSecond ?? 0),
        allocatedPerSecond,
        longestMs: WATCH_MS,
      }),
    });
    if (!this.#running.isProfiling) this.#refused = [{ code: 'profiler-taken' }];
  }

  async #allocationRate(): Promise<number> {
    const counter = new AllocationCounter();
    const before = counter.read();
    for (let step = 0; step < MEASURE_STEPS; step += 1) {
      await this.#wait(MEASURE_MS / MEASURE_STEPS);
      counter.read();
    }
    return ((counter.read() - before) * SECOND) / MEASURE_MS;
  }

  #end(): void {
    this.#running?.stop();
    this.#running = null;
  }

  /** The verdict of the same pool as it stands now. */
  #latest(verdict: PoolVerdict | null): PoolVerdict | null {
    return this.#options.verdicts().find(({ pool }) => pool === verdict?.pool) ?? verdict;
  }

  #worstVerdict(): PoolVerdict | null {
    const growing = this.#options
      .verdicts()
      .filter(({ verdict }) => verdict === 'growing' || verdict === 'leaking');
    return growing.sort((a, b) => b.probability - a.probability)[0] ?? null;
  }

  #wait(ms: Milliseconds): Promise<void> {
    if (this.#stopped) return Promise.reject(stopped());
    return new Promise((resolve, reject) => {
      const cancel = () => {
        unschedule();
        this.#pending.delete(cancel);
        reject(stopped());
      };
      const unschedule = this.#options.schedule(
        () => {
          this.#pending.delete(cancel);
          resolve();
        },
        Math.max(0, ms),
      );
      this.#pending.add(cancel);
    });
  }
}

function watchFor(verdict: PoolVerdict | null): Milliseconds {
  return verdict === null || verdict.pool === 'heap' ? WATCH_MS : WATCH_OUTSIDE_MS;
}

function liveHeap(sample: MemorySample): number {
  return Math.min(sample.heapUsed, sample.heapFloor ?? sample.heapUsed);
}

function stopped(): Error {
  return new Error('the guard is stopped: nothing is explained any more');
}

function warn(error: unknown): void {
  process.emitWarning(`The guard could not explain a leak: ${error}`, { code: 'MAQUE_GUARD_EXPLAIN' });
}

function inBounds(name: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw new RangeError(`explain: ${name} must be from ${min} to ${max}, not ${String(value).slice(0, 40)}`);
}
