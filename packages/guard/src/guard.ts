import { type Bytes, type Milliseconds, systemClock } from '@maque/kit';
import type { AlertOptions } from './alert/alert-options.ts';
import { Collector } from './collect-garbage.ts';
import type { ExplainOptions } from './explain/explainer.ts';
import { Explaining, type SuspicionReport } from './explain/explaining.ts';
import type { LeakReport } from './explain/leak-report.ts';
import { reportNote } from './explain/report-note.ts';
import { guardMetrics } from './export/guard-metrics.ts';
import { renderPrometheus } from './export/prometheus.ts';
import { type GuardState, poolsOf, type WorkerStatus } from './export/state.ts';
import type { ResolvedGuardOptions } from './guard-options.ts';
import type { Confirmation } from './leak-watch/confirmation.ts';
import { LeakGuard } from './leak-watch/leak-guard.ts';
import type { SuspicionNews } from './leak-watch/leak-watch.ts';
import { Listeners } from './listeners.ts';
import { OwnHeap } from './own-heap.ts';
import { OutsidePressure } from './pressure/outside-pressure.ts';
import {
  judgePressure,
  type Pressure,
  type PressureLevel,
  type PressureLimits,
} from './pressure/pressure.ts';
import { feedFromHttp } from './requests/http-feed.ts';
import { RequestMeter } from './requests/request-meter.ts';
import { createSampling } from './sample/create-sampling.ts';
import { History, type HistoryRange } from './sample/history.ts';
import { type HistoryPoint, historyPoint } from './sample/history-columns.ts';
import type { MemorySample } from './sample/memory-sample.ts';
import { OwnCost } from './sample/own-cost.ts';
import type { Sampler } from './sample/sampler.ts';
import { scheduleUnreferenced } from './sample/schedule.ts';
import { createWorkWatch } from './sample/work-watch.ts';
import { SlowTurns } from './slow-turns/slow-turns.ts';
import type { SnapshotOptions } from './snapshot/snapshot-options.ts';
import type { SnapshotResult, SnapshotTaker } from './snapshot/snapshot-taker.ts';

/** Called after each sample, on the guard's own time: be quick. */
export type SampleListener = (status: WorkerStatus) => void;

/** Called when a leak is suspected, found, or taken back; on the guard's own time. */
export type SuspicionListener = (news: SuspicionNews) => void;

/** Called with each report that was made because a leak was suspected. */
export type ReportListener = (made: SuspicionReport) => void;

// Keeper's link, a logger, a recorder: whoever subscribes more often than this does so by mistake, in a request
// handler say.
const MAX_LISTENERS = 50;

/** Watches one process from its construction until `stop()`. */
export class Guard {
  /** Counts requests; see {@link RequestMeter}. */
  readonly meter: RequestMeter;
  readonly #history = new History();
  readonly #cost = new OwnCost();
  readonly #own = new OwnHeap(systemClock);
  readonly #listeners = new Listeners<WorkerStatus>('onSample', MAX_LISTENERS);
  readonly #reportListeners = new Listeners<SuspicionReport>('onReport', MAX_LISTENERS);
  readonly #leaks: LeakGuard;
  readonly #explaining: Explaining;
  readonly #slowTurns: SlowTurns;
  readonly #sampler: Sampler;
  readonly #pressureLimits: PressureLimits;
  readonly #closers: (() => void)[];
  #snapshots: Promise<SnapshotTaker> | null = null;
  #lastReport: SuspicionReport | null = null;
  #telling = false;
  #last: MemorySample;
  readonly #outsidePressure = new OutsidePressure();
  #pressure: Pressure = { level: 'none', reasons: [] };

  constructor(options: ResolvedGuardOptions, onStop: () => void) {
    const clock = systemClock;
    const beginWork = createWorkWatch(clock);
    const sampling = createSampling({
      clock,
      beginWork,
      bounds: { minMs: options.minIntervalMs, maxMs: options.maxIntervalMs },
      use: (sample) => this.#use(sample),
      onSampleCost: (ms) => this.#cost.addSample(ms),
      onOtherCost: (ms) => this.#cost.addOther(ms),
    });
    this.#sampler = sampling.sampler;
    const wake = () => this.#sampler.wake();
    this.meter = new RequestMeter({ maxRoutes: options.maxRoutes, clock, onWake: wake });
    this.#leaks = new LeakGuard({
      ...options,
      own: this.#own,
      meter: this.meter,
      clock,
      collector: new Collector(),
      beginWork,
      onCost: (ms) => this.#cost.addOther(ms),
      onForeboding: (verdict) => {
        if (options.explainLeaks) this.#explaining.prepare(verdict);
      },
    });
    this.#explaining = new Explaining({
      meter: this.meter,
      memory: () => this.#last,
      own: this.#own,
      verdicts: () => this.#leaks.state.near,
      reports: options.reports,
      onReport: (made) => {
        this.#lastReport = made;
        this.#reportListeners.tell(made);
      },
      onCost: (ms) => this.#cost.addOther(ms),
    });
    if (options.explainLeaks) {
      this.#leaks.onSuspicion(({ level, verdict }) => this.#explaining.suspicion(level, verdict));
    }
    this.#slowTurns = new SlowTurns({
      clock,
      schedule: scheduleUnreferenced,
      loop: sampling.loop,
      begun: () => this.meter.total + this.meter.active,
      named: options.nameSlowTurns,
      onCost: (ms) => this.#cost.addOther(ms),
    });
    this.#pressureLimits = options.pressureLimits;
    const stopFeed = options.countHttp ? feedFromHttp(this.meter, clock) : () => {};
    this.#closers = [
      () => this.#sampler.stop(),
      () => void this.#leaks.stop(),
      () => this.#explaining.stop(),
      () => this.#slowTurns.stop(),
      stopFeed,
      () => sampling.close(),
      onStop,
    ];
    this.#last = this.#sampler.sample();
    if (options.alerts !== null) this.#alert(options.alerts, options.leakHorizonMs);
  }

  /** Everything the guard knows: the last sample, requests, pools, pressure, its own cost. Ready to be JSON. */
  state(): GuardState {
    return {
      ...this.status(),
      leaks: this.#leaks.state,
      pools: poolsOf(this.#last),
      pressure: this.pressure(),
      slowTurns: this.#slowTurns.state,
      cost: this.#cost.read(this.#ownMemory()),
      intervalMs: this.#sampler.intervalMs,
    };
  }

  /** The part of it that a worker tells its keeper: the last sample, requests, forecasts. */
  status(): WorkerStatus {
    return {
      memory: this.#last,
      requests: this.meter.stats(),
      forecasts: this.#leaks.forecasts,
      slowForecasts: this.#leaks.slowForecasts,
      leakNote: reportNote(this.#lastReport, systemClock.now()),
      slowTurnNote: this.#slowTurns.note,
    };
  }

  /**
   * Takes a sample now, out of turn, for the price of one (some 200 µs). Answers the last one to a listener that asks,
   * and once the guard is stopped.
   */
  sample(): MemorySample {
    return this.#telling || this.#closers.length === 0 ? this.#last : this.#sampler.sample();
  }

  /**
   * The past, oldest first: `fine` holds the last 15 minutes by the half second, and more when samples are rarer;
   * `coarse` holds the last 24 hours by the minute.
   * @param sinceUptimeMs leaves out what is older, on the scale of `MemorySample.uptimeMs`.
   */
  history(range: HistoryRange = 'fine', sinceUptimeMs = 0): HistoryPoint[] {
    return this.#history.read(range, sinceUptimeMs);
  }

  /**
   * Calls `listener` after each sample; a listener that throws is warned about once and stays.
   * @returns a function that ends it.
   * @throws RangeError when there are fifty listeners already.
   */
  onSample(listener: SampleListener): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Calls `listener` when several evaluations agree that a pool grows (`suspected`), that it leaks (`leaking`), and when
   * that is over (`recovered`); a listener that throws is warned about once and stays.
   * @returns a function that ends it.
   * @throws RangeError when there are fifty listeners already.
   */
  onSuspicion(listener: SuspicionListener): () => void {
    return this.#leaks.onSuspicion(listener);
  }

  /**
   * Collects all garbage, finalizers included, and measures what truly lives in each pool. From the second time on, half a
   * minute or more after the first, it also says what has grown in between, which needs no statistics. Earlier
   * collections, forced or V8's own, stand in for the first.
   * Blocks this thread for about 1 ms a live MiB: for a process that serves nobody at the moment.
   * @throws Error when the guard is stopped.
   */
  async confirm(): Promise<Confirmation> {
    this.#assertRunning();
    return await this.#leaks.confirm(() => {
      this.#assertRunning();
      return this.sample();
    });
  }

  /**
   * Watches for 45 to 75 s and says what grows and where it comes from, whether a leak is suspected or not. When one is,
   * this happens by itself: see {@link onReport}.
   * @throws RangeError for options out of bounds; Error when the guard is stopped meanwhile.
   */
  async explain(options?: ExplainOptions): Promise<LeakReport> {
    this.#assertRunning();
    return await this.#explaining.explain(options);
  }

  /**
   * Says what grows and where it comes from by what has been watched until now, at once and whatever it pauses: for a
   * process that serves nobody any more. Little watched is little known, and the report says so.
   * @param confirmed what collections have just shown.
   * @throws Error when the guard is stopped meanwhile.
   */
  async explainNow(confirmed: Confirmation | null = null): Promise<LeakReport> {
    this.#assertRunning();
    return await this.#explaining.explainNow(confirmed);
  }

  /** The newest report that was made because a leak was suspected; null until there is one. */
  get lastReport(): SuspicionReport | null {
    return this.#lastReport;
  }

  /**
   * Calls `listener` with each report that is made because a leak is suspected.
   * @returns a function that ends it.
   * @throws RangeError when there are fifty listeners already.
   */
  onReport(listener: ReportListener): () => void {
    return this.#reportListeners.add(listener);
  }

  /**
   * Writes a heap snapshot without users' data if the box has the memory, the disk and the time for it, and says why not
   * otherwise. Most of the memory it takes stays with the process until that ends.
   * @throws CodedError for options that are wrong (`SNAPSHOT_OPTION_INVALID`) and when it fails; no half file is left.
   */
  async snapshot(options?: SnapshotOptions): Promise<SnapshotResult> {
    this.#assertRunning();
    this.#snapshots ??= this.#loadSnapshots();
    const taker = await this.#snapshots;
    return await taker.take(options);
  }

  /** Whether memory or time is short, as of the last sample. Free: made to be asked on each request. */
  pressure(): Pressure {
    return this.#outsidePressure.worseOf(this.#pressure);
  }

  /** Takes what somebody says who sees more than this process; `pressure()` answers the worse of both, until told anew. */
  notePressure(level: PressureLevel): void {
    this.#outsidePressure.note(level);
  }

  /** Prometheus text of everything the guard knows. */
  metrics(): string {
    return renderPrometheus(guardMetrics(this.state(), this.meter));
  }

  /** Ends watching: no timer, observer, subscription or descriptor is left. What was measured can still be read. */
  stop(): void {
    for (const close of this.#closers.splice(0)) close();
    this.#listeners.clear();
    this.#reportListeners.clear();
  }

  #use(memory: MemorySample): { underPressure: boolean } {
    this.#last = memory;
    this.#pressure = judgePressure(memory, this.#pressureLimits);
    this.meter.sampled();
    this.#history.add(memory.uptimeMs, historyPoint(memory, this.meter));
    this.#telling = true;
    this.#slowTurns.observe(memory);
    this.#leaks.observe(memory, this.#sampler.intervalMs);
    if (this.#listeners.size > 0) this.#listeners.tell(this.status());
    this.#telling = false;
    return { underPressure: this.#pressure.level !== 'none' || this.#leaks.isInDoubt };
  }

  async #loadSnapshots(): Promise<SnapshotTaker> {
    const { SnapshotTaker } = await import('./snapshot/snapshot-taker.ts');
    const availableMemory = () => {
      const { boxLimit, boxUsed } = this.sample();
      return boxLimit === null || boxUsed === null ? null : Math.max(0, boxLimit - boxUsed);
    };
    return new SnapshotTaker({ clock: systemClock, availableMemory });
  }

  /** In the background: an app must start whatever becomes of its alerts. */
  #alert(options: AlertOptions, horizonMs: Milliseconds): void {
    import('./alert/alert-on-samples.ts')
      .then(({ alertOnSamples }) => {
        if (this.#closers.length === 0) return;
        const alerter = alertOnSamples(this, options, { horizonMs });
        this.#closers.push(() => alerter.stop());
      })
      .catch((error: unknown) => {
        process.emitWarning(`The guard alerts nobody: ${error}`, { code: 'MAQUE_GUARD_ALERTS' });
      });
  }

  #assertRunning(): void {
    if (this.#closers.length === 0) throw new Error('the guard is stopped: nothing is measured any more');
  }

  #ownMemory(): Bytes {
    return this.#history.byteLength + this.meter.byteLength + this.#leaks.byteLength + this.#own.bytes;
  }
}
