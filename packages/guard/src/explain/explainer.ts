import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import { MINUTE, SECOND } from '@maque/kit';
import type { PoolVerdict } from '../detect/verdict.ts';
import type { Confirmation } from '../leak-watch/confirmation.ts';
import { isGrowth } from '../leak-watch/suspicion.ts';
import type { OwnHeap } from '../own-heap.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import type { Schedule } from '../sample/schedule.ts';
import { type Findings, Investigation, noFindings, type ReadLimits } from './investigation.ts';
import { LastReport } from './last-report.ts';
import type { LeakReport } from './leak-report.ts';
import { makeReport } from './make-report.ts';
import { AllocationCounter, LONGEST_PAUSE_MS, samplingInterval } from './profile-cost.ts';
import { ShortTurns } from './short-turns.ts';
import { wait } from './wait.ts';
import { WatchingAhead } from './watching-ahead.ts';

/** What an explainer needs of the guard around it. */
export interface ExplainerOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly memory: () => MemorySample;
  readonly own: OwnHeap;
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
   * How long to watch before the report is made: 5 s to 3 min; unless told 45 s when the heap is what grows, else 75 s, and
   * less where memory will run out sooner.
   */
  readonly watchMs?: Milliseconds;
  /** How long the process may stand still at a time: 20 ms to 10 s; 150 ms unless told. */
  readonly maxPauseMs?: Milliseconds;
}

// At 250 KB/s, a leak that takes half an hour on a small box, 45 s leave some hundred samples. Of what grows outside the
// heap the samples see only the small owners, so it takes longer.
const WATCH_MS: Milliseconds = 45 * SECOND;
const WATCH_OUTSIDE_MS: Milliseconds = 75 * SECOND;
// The wait for a collection comes on top, up to a quarter of it.
const WATCH_SHARE_OF_LEFT = 0.5;
const SHORTEST_MS: Milliseconds = 5 * SECOND;
// A profile that had to be started anew has this share of the time for itself: it kept 40,000 samples in the rest, so there are
// some hundred more by then.
const LEAST_PROFILED_SHARE = 0.25;
// Watching costs one to three percent of a core: not for longer than it has something new to say.
const LONGEST_MS: Milliseconds = 3 * MINUTE;
// From a report that nobody asked for to the next: a suspicion that comes and goes must not keep the process under watch.
const REST_MS = { suspected: 10 * MINUTE, leaking: 2 * MINUTE, foreboding: 10 * MINUTE } as const;
// How fast the app allocates is measured for so long before the profile starts.
const MEASURE_MS: Milliseconds = SECOND;
const MEASURE_STEPS = 20;

type Level = 'suspected' | 'leaking';

/** `keepsUnread`: a profile that could not be read for the pause goes on, for the process may be idle soon. */
type Wishes = ExplainOptions & { readonly keepsUnread?: boolean };

/** One that is going on; once nobody is served any more (`idle` is aborted) it tells what it knows by then. */
interface Running {
  readonly report: Promise<LeakReport>;
  readonly idle: AbortController;
}

/**
 * Looks closer while memory is suspect, and says what leaks. Idle it costs nothing; one investigation runs at a time, and
 * whoever asks meanwhile gets its report.
 */
export class Explainer {
  readonly #options: ExplainerOptions;
  readonly #stopping = new AbortController();
  readonly #last: LastReport;
  readonly #ahead: WatchingAhead;
  #current: Running | null = null;
  #prepareFromMs: Milliseconds = 0;
  #reported: Level | null = null;
  #restUntilMs: Readonly<Record<Level, Milliseconds>> = { suspected: 0, leaking: 0 };

  constructor(options: ExplainerOptions) {
    this.#options = options;
    this.#last = new LastReport(options.clock);
    this.#ahead = new WatchingAhead({
      outlive: ({ startedAtMs }) => this.#wait(LONGEST_MS - (options.clock.monotonic() - startedAtMs)),
      onFailure: (error) => this.#failed(error),
    });
  }

  /**
   * Begins to watch, since memory would run out soon if it went on like this. Most often it does not, and the watching ends
   * without a word; if a suspicion comes, its report needs no further time. A leak that fills a small heap in two minutes
   * leaves none.
   */
  prepare(verdict: PoolVerdict): void {
    const nowMs = this.#options.clock.monotonic();
    if (this.#current !== null || this.#ahead.pool !== null || nowMs < this.#prepareFromMs) return;
    this.#prepareFromMs = nowMs + REST_MS.foreboding;
    this.#ahead.hold(verdict.pool, this.#begin(verdict, LONGEST_MS));
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
    const { report, idle } = this.#investigateOnce(verdict, { keepsUnread: true });
    report
      // Who asked for it by then has it, and knows more.
      .then((made) => (idle.signal.aborted ? undefined : this.#options.onReport(made)))
      .catch((error: unknown) => this.#failed(error));
  }

  /**
   * Watches for a while and says what leaks, whether a leak is suspected or not.
   * @throws RangeError for options out of bounds; Error when the guard is stopped meanwhile.
   */
  async explain(options: ExplainOptions = {}): Promise<LeakReport> {
    inBounds('watchMs', options.watchMs ?? WATCH_MS, SHORTEST_MS, LONGEST_MS);
    inBounds('maxPauseMs', options.maxPauseMs ?? LONGEST_PAUSE_MS, 20, 10 * SECOND);
    return await this.#investigateOnce(this.#worstVerdict(), options).report;
  }

  /**
   * Says what leaks by what has been watched until now, whatever the pause, and watches no further. Without anything
   * watched it repeats what the last report named, or names nothing.
   * @param confirmed what collections have just shown.
   * @throws Error when the guard is stopped meanwhile.
   */
  async explainNow(confirmed: Confirmation | null): Promise<LeakReport> {
    const now = await this.#watchedUntilNow(confirmed);
    return { ...this.#last.orBetter(now), confirmed };
  }

  stop(): void {
    this.#stopping.abort(new Error('the guard is stopped: nothing is explained any more'));
  }

  #investigateOnce(verdict: PoolVerdict | null, options: Wishes): Running {
    if (this.#current !== null) return this.#current;
    const idle = new AbortController();
    const report = this.#investigate(verdict, options, idle.signal).finally(() => {
      this.#current = null;
    });
    this.#current = { report, idle };
    return this.#current;
  }

  async #investigate(verdict: PoolVerdict | null, options: Wishes, idle: AbortSignal): Promise<LeakReport> {
    const { watchMs = usualWatch(verdict), maxPauseMs = LONGEST_PAUSE_MS } = options;
    const investigation = await (this.#ahead.take(verdict) ?? this.#begin(verdict, watchMs));
    try {
      await this.#watch(investigation, watchMs, idle);
      const report = await this.#report(investigation, this.#latest(verdict), { maxPauseMs, idle });
      if (!idle.aborted) this.#last.keep(report);
      const isUnread = report.refused.some(({ code }) => code === 'pause-too-long');
      if (verdict !== null && options.keepsUnread === true && isUnread) {
        this.#ahead.hold(verdict.pool, Promise.resolve(investigation));
      } else investigation.stop();
      return report;
    } catch (error) {
      investigation.stop();
      throw error;
    }
  }

  /** Waits until it has watched for so long, or the process is idle. */
  async #watch(investigation: Investigation, watchMs: Milliseconds, idle: AbortSignal): Promise<void> {
    const { clock, schedule } = this.#options;
    const over = AbortSignal.any([idle, this.#stopping.signal]);
    const waitSince = async (ms: Milliseconds, fromMs: Milliseconds): Promise<void> => {
      const leftMs = ms - (clock.monotonic() - fromMs);
      await wait(leftMs, schedule, over).catch(() => this.#stopping.signal.throwIfAborted());
    };
    await waitSince(watchMs, investigation.startedAtMs);
    if (investigation.profiledFromMs === investigation.startedAtMs) return;
    await waitSince(watchMs * LEAST_PROFILED_SHARE, investigation.profiledFromMs);
  }

  /** @param watchMs how long it will watch, as far as anybody knows. */
  async #begin(verdict: PoolVerdict | null, watchMs: Milliseconds): Promise<Investigation> {
    const { clock, schedule, own } = this.#options;
    const interval = samplingInterval({
      inHeap: isInHeap(verdict),
      bytesPerSecond: Math.max(0, this.#verdictOf('heap')?.bytesPerSecond ?? 0),
      allocatedPerSecond: await this.#allocationRate(),
      longestMs: watchMs,
    });
    const live = this.#live();
    return new Investigation({ clock, schedule, interval, live, own, longestMs: LONGEST_MS });
  }

  /** Bytes that live in the heap, as far as anybody knows without a collection. */
  #live(): Bytes {
    const { heapUsed, heapFloor } = this.#options.memory();
    return Math.min(heapUsed, heapFloor ?? heapUsed);
  }

  async #report(
    investigation: Investigation,
    verdict: PoolVerdict | null,
    limits: Pick<ReadLimits, 'maxPauseMs' | 'idle'>,
  ): Promise<LeakReport> {
    const { clock, memory, collect } = this.#options;
    const turns = new ShortTurns(clock);
    const findings = await investigation.findings(
      {
        ...limits,
        live: this.#live(),
        collectedAtMs: memory().heapFloorAtMs,
        collect,
        signal: this.#stopping.signal,
      },
      turns,
    );
    return await this.#reportOf(findings, verdict, turns);
  }

  /** @param reading what the findings took. */
  async #reportOf(findings: Findings, verdict: PoolVerdict | null, reading: ShortTurns): Promise<LeakReport> {
    const { clock, memory, declaredRoutes, onCost } = this.#options;
    const making = new ShortTurns(clock);
    const facts = {
      atMs: clock.now(),
      uptimeMs: memory().uptimeMs,
      folder: process.cwd(),
      script: process.argv[1] ?? '',
      verdict,
      declared: declaredRoutes(),
    };
    const report = await makeReport(findings, facts, making);
    onCost(reading.totalMs + making.totalMs);
    return {
      ...report,
      cost: {
        watchedMs: Math.round(findings.endedAtMs - findings.startedAtMs),
        pauseMs: Math.round(reading.longestMs),
        reportMs: Math.round(making.longestMs),
        longestWorkMs: Math.round(Math.max(reading.longestWorkMs, making.longestWorkMs)),
        sampleEveryBytes: findings.interval,
        survivingSamples: findings.survivors.length,
      },
    };
  }

  async #watchedUntilNow(confirmed: Confirmation | null): Promise<LeakReport> {
    if (this.#current === null && this.#ahead.pool === null) {
      const { clock } = this.#options;
      const nothing = noFindings(clock.monotonic());
      return await this.#reportOf(nothing, this.#suspect(confirmed), new ShortTurns(clock));
    }
    const { report, idle } = this.#investigateOnce(this.#verdictOf(this.#ahead.pool), {});
    idle.abort();
    return await report;
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

  /** What collections have shown to leak, or else what the detector says. */
  #suspect(confirmed: Confirmation | null): PoolVerdict | null {
    const growth = Object.entries(confirmed?.since?.growth ?? {});
    const shown = growth.find(([, each]) => each?.verdict === 'leaking')?.[0] ?? null;
    return this.#verdictOf(shown) ?? this.#worstVerdict();
  }

  #verdictOf(pool: string | null): PoolVerdict | null {
    return this.#options.verdicts().find((verdict) => verdict.pool === pool) ?? null;
  }

  #worstVerdict(): PoolVerdict | null {
    const growing = this.#options.verdicts().filter(({ verdict }) => isGrowth(verdict));
    return growing.sort((a, b) => b.probability - a.probability)[0] ?? null;
  }

  #failed(error: unknown): void {
    if (!this.#stopping.signal.aborted) warn(error);
  }

  #wait(ms: Milliseconds): Promise<void> {
    return wait(ms, this.#options.schedule, this.#stopping.signal);
  }
}

/** Where nobody knows which pool grows, it is looked at as closely as for the smallest owners. */
function isInHeap(verdict: PoolVerdict | null): boolean {
  return verdict?.pool === 'heap';
}

/** Nobody reads the report of a process that has died before it was made: it takes a part of the time that is left. */
function usualWatch(verdict: PoolVerdict | null): Milliseconds {
  const enoughMs = isInHeap(verdict) ? WATCH_MS : WATCH_OUTSIDE_MS;
  const leftMs = verdict?.timeToLimitMs ?? Number.POSITIVE_INFINITY;
  return Math.min(enoughMs, Math.max(SHORTEST_MS, leftMs * WATCH_SHARE_OF_LEFT));
}

function warn(error: unknown): void {
  process.emitWarning(`The guard could not explain a leak: ${error}`, { code: 'MAQUE_GUARD_EXPLAIN' });
}

function inBounds(name: string, value: unknown, min: number, max: number): void {
  if (typeof value === 'number' && value >= min && value <= max) return;
  throw new RangeError(`explain: ${name} must be from ${min} to ${max}, not ${String(value).slice(0, 40)}`);
}
