import type { Clock, Milliseconds } from '@maque/kit';
import type { MemorySample } from './memory-sample.ts';
import { type IntervalBounds, nextInterval } from './sampling-interval.ts';
import type { Schedule } from './schedule.ts';
import type { WorkWatch } from './work-watch.ts';

export interface SamplerOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly bounds: IntervalBounds;
  /** @param timerLateMs how late the timer came, null when a sample was asked for out of turn. */
  readonly take: (timerLateMs: Milliseconds | null) => MemorySample;
  /** Uses one sample, and answers whether memory or time is short: then the next one comes soon. */
  readonly use: (sample: MemorySample) => { readonly underPressure: boolean };
  /** Measures how long one sample takes, its use included, and is told. */
  readonly beginWork: WorkWatch;
  readonly onCost: (ms: Milliseconds) => void;
}

// A process that is called is looked at once a second at least; one that costs half a core, twice as often. Every two seconds
// would take 200 µs a second instead of 350 at 10,000 small requests, and leaks of 1 MB/s would be suspected after 29 to 31 s
// instead of 23 to 29.
const AWAKE = 2;

// A heap that is near its limit is collected several times a second, and each time is told. What takes all of it at once does
// so within a tenth of a second (300 MiB, measured), and such a collection costs many times what a sample does.
const HURRY_MS: Milliseconds = 1;

/** Takes samples at a pace that follows the work, from a timer that does not keep the process alive. */
export class Sampler {
  readonly #options: SamplerOptions;
  #intervalMs: Milliseconds;
  #dueAtMs = 0;
  #sampledAtMs = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;
  /** Whether it was woken since the last sample. */
  #isCalled = false;
  #stopped = false;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#intervalMs = options.bounds.minMs;
  }

  get intervalMs(): Milliseconds {
    return this.#intervalMs;
  }

  /** Takes a sample now and plans the next one. */
  sample(): MemorySample {
    return this.#sample(null);
  }

  /** Something happens: a sampler that is asleep looks soon, one that has just looked a second after that. */
  wake(): void {
    this.#isCalled = true;
    const { clock } = this.#options;
    const nowMs = clock.monotonic();
    if (this.#stopped || this.#dueAtMs - nowMs <= this.#awakeMs) return;
    this.#plan(Math.max(this.#options.bounds.minMs, this.#sampledAtMs + this.#awakeMs - nowMs));
  }

  /** Something is about to go wrong: the next sample comes at once, but for what is in this turn. */
  hurry(): void {
    if (this.#stopped || this.#dueAtMs - this.#options.clock.monotonic() <= HURRY_MS) return;
    this.#plan(HURRY_MS);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #sample(timerLateMs: Milliseconds | null): MemorySample {
    const { take, use, bounds, clock, beginWork, onCost } = this.#options;
    const endWork = beginWork();
    this.#sampledAtMs = clock.monotonic();
    const sample = take(timerLateMs);
    const utilization = sample.loopUtilization;
    let underPressure = false;
    try {
      ({ underPressure } = use(sample));
    } finally {
      // A fault in what becomes of one sample does not end the watch.
      const activity = { utilization, underPressure, intervalMs: this.#intervalMs };
      const wantedMs = nextInterval(activity, bounds);
      // Who was called will be again: to be woken for it each time takes a second plan.
      if (!this.#stopped) this.#plan(this.#isCalled ? Math.min(wantedMs, this.#awakeMs) : wantedMs);
      this.#isCalled = false;
      onCost(endWork());
    }
    return sample;
  }

  get #awakeMs(): Milliseconds {
    return AWAKE * this.#options.bounds.minMs;
  }

  #plan(intervalMs: Milliseconds): void {
    const { clock, schedule } = this.#options;
    this.#cancel?.();
    this.#intervalMs = intervalMs;
    this.#dueAtMs = clock.monotonic() + intervalMs;
    this.#cancel = schedule(this.#whenDue, intervalMs);
  }

  readonly #whenDue = (): void => {
    this.#cancel = null;
    this.#sample(Math.max(0, this.#options.clock.monotonic() - this.#dueAtMs));
  };
}
