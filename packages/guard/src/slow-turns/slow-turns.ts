import { type Clock, HOUR, MINUTE, MiB, type Milliseconds, RingBuffer, type Text } from '@maque/kit';
import type { MemorySample } from '../sample/memory-sample.ts';
import type { Schedule } from '../sample/schedule.ts';
import { SlowTurnsPace } from './slow-turns-pace.ts';
import { SLOW_TURN_MS, type SlowTurnsReport } from './slow-turns-report.ts';
import type { TurnWatch } from './watch-turns.ts';

/** What the guard knows of turns of the event loop that took 100 ms or more. */
export interface SlowTurnsState {
  /** Of each sample the longest one counts, and only while the loop is measured: busy, or listened to. */
  readonly count: number;
  readonly totalMs: Milliseconds;
  /** Whether a profile is being taken. */
  readonly watching: boolean;
  /** What was found, oldest first; the last five. */
  readonly reports: readonly SlowTurnsReport[];
  /** The last profile was not taken, for it would have stopped the process for too long; null when it was. */
  readonly refused: { readonly predictedMs: Milliseconds; readonly allowedMs: Milliseconds } | null;
}

export interface SlowTurnsOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Measures the loop; see `LoopDelay`. */
  readonly loop: { takeLongest(): Milliseconds; listen(listening: boolean): void };
  /** Requests that have begun so far. */
  readonly begun: () => number;
  /** Whether functions are named; else turns are counted only. */
  readonly named: boolean;
  /** Called with time that the process stood still. */
  readonly onCost: (ms: Milliseconds) => void;
}

const MAX_REPORTS = 5;
const NOTE_AGE_MS: Milliseconds = HOUR;

// Loading an app takes turns of seconds. It is over with the first request, or by then.
const START_MS: Milliseconds = MINUTE;

// The profiler walks the heap when it starts; measured, see `cpu-profiler.ts`.
const START_MS_PER_MIB: Milliseconds = 1.5;
// As with all that the guard does to a process that serves; but no longer than what it suffers from already, within reason.
const ALLOWED_PAUSE_MS: Milliseconds = 150;
const LONGEST_PAUSE_MS: Milliseconds = 500;

/**
 * Counts slow turns, and has their functions named when they recur. Until then it costs a comparison a sample; what
 * profiles is loaded when it is needed first.
 */
export class SlowTurns {
  readonly #options: SlowTurnsOptions;
  readonly #pace = new SlowTurnsPace();
  readonly #reports = new RingBuffer<SlowTurnsReport>(MAX_REPORTS);
  #note: { readonly text: Text; readonly untilMs: Milliseconds } | null = null;
  #count = 0;
  #totalMs = 0;
  #last: MemorySample | null = null;
  #refused: SlowTurnsState['refused'] = null;
  #watch: TurnWatch | 'loading' | null = null;
  /** The guard itself has just stopped the process for this long. */
  #ownPauseMs: Milliseconds = 0;
  #stopped = false;

  constructor(options: SlowTurnsOptions) {
    this.#options = options;
  }

  get state(): SlowTurnsState {
    return {
      count: this.#count,
      totalMs: this.#totalMs,
      watching: this.#watch !== null,
      reports: [...this.#reports],
      refused: this.#refused,
    };
  }

  /** What the newest report names, in a sentence; null when there is none of the last hour. */
  get note(): Text | null {
    const isFresh = this.#note !== null && this.#options.clock.monotonic() < this.#note.untilMs;
    return isFresh ? (this.#note?.text ?? null) : null;
  }

  /** Takes each sample, right after the loop was read for it. */
  observe(sample: MemorySample): void {
    const { loop, named } = this.#options;
    const last = this.#last;
    const ownPauseMs = this.#ownPauseMs;
    const delayMs = loop.takeLongest();
    this.#last = sample;
    this.#ownPauseMs = 0;
    if (last === null || this.#stopped) return;
    const names = named && !this.#isStarting(sample);
    if (names) loop.listen(this.#pace.listens(sample.uptimeMs, mayHoldSlowTurn(sample, last)));
    if (delayMs < SLOW_TURN_MS + ownPauseMs) return;
    this.#count += 1;
    this.#totalMs += delayMs;
    if (!names || this.#watch !== null) return;
    const likelyCause = mayBeCollection(delayMs, sample, last) ? 'collection' : 'code';
    if (this.#pace.slowTurn(sample.uptimeMs, likelyCause)) this.#watchUnlessDear(delayMs, sample);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#watch !== 'loading') this.#watch?.stop();
  }

  #isStarting({ uptimeMs }: MemorySample): boolean {
    return uptimeMs < START_MS && this.#options.begun() === 0;
  }

  #watchUnlessDear(delayMs: Milliseconds, { heapUsed, uptimeMs }: MemorySample): void {
    const predictedMs = (heapUsed / MiB) * START_MS_PER_MIB;
    const allowedMs = Math.min(LONGEST_PAUSE_MS, Math.max(ALLOWED_PAUSE_MS, delayMs));
    this.#refused = predictedMs > allowedMs ? { predictedMs, allowedMs } : null;
    if (this.#refused !== null) {
      this.#pace.rest(uptimeMs, 0);
      return;
    }
    this.#watch = 'loading';
    this.#watchNow()
      .catch((error: unknown) => {
        process.emitWarning(`The guard cannot name slow functions: ${error}`, {
          code: 'MAQUE_GUARD_SLOW_TURNS',
        });
        this.#pace.rest(uptimeMs, LONGEST_PAUSE_MS);
      })
      .finally(() => {
        this.#watch = null;
      });
  }

  async #watchNow(): Promise<void> {
    const [{ watchTurns }, { describeSlowTurns }] = await Promise.all([
      import('./watch-turns.ts'),
      import('./slow-turns-text.ts'),
    ]);
    if (this.#stopped) return;
    const { clock, schedule, onCost } = this.#options;
    const startedAtMs = clock.monotonic();
    const watch = watchTurns({ clock, schedule, folder: process.cwd() });
    this.#watch = watch;
    this.#ownPauseMs = clock.monotonic() - startedAtMs;
    const report = await watch.report;
    if (report === null) return;
    const nowMs = clock.monotonic();
    this.#ownPauseMs = report.pauseMs;
    onCost(report.pauseMs);
    this.#pace.rest(nowMs, report.pauseMs);
    this.#reports.push(report);
    const text = describeSlowTurns(report);
    if (text !== null) this.#note = { text, untilMs: nowMs + NOTE_AGE_MS };
  }
}

/** Of a calm loop it is only known how long it worked in all. */
function mayHoldSlowTurn({ uptimeMs, loopUtilization }: MemorySample, last: MemorySample): boolean {
  return (loopUtilization ?? 0) * (uptimeMs - last.uptimeMs) >= SLOW_TURN_MS;
}

/** Collections of the same time took half as long or longer, a major one among them. */
function mayBeCollection(delayMs: Milliseconds, sample: MemorySample, last: MemorySample): boolean {
  return sample.gcMajors > last.gcMajors && sample.gcMs - last.gcMs >= delayMs / 2;
}
