import { type Clock, type Milliseconds, SECOND } from '@maque/kit';
import { LogHistogram } from './log-histogram.ts';

// Ten seconds: long enough for a p99 of 1,000 requests at 100 req/s, short enough that an overload shows at once.
const SPAN_MS: Milliseconds = 10 * SECOND;
const SLOTS = 10;

interface Slot {
  readonly latencies: LogHistogram;
  readonly startMs: Milliseconds;
}

/** What the last seconds held. */
export interface RecentLatency {
  readonly perSecond: number;
  readonly p50Ms: Milliseconds | null;
  readonly p95Ms: Milliseconds | null;
  readonly p99Ms: Milliseconds | null;
}

/**
 * Latencies of the last ten seconds, in up to ten slots, and all of them. Slots turn when somebody says so (the sampler,
 * a reader), so that recording needs no look at the clock; and it fills one histogram alone, which goes into the others
 * when a slot ends or somebody looks (15 µs twice a second, when nothing is in a cache).
 */
export class RollingLatency {
  readonly #clock: Clock;
  readonly #fresh = new LogHistogram();
  readonly #all = new LogHistogram();
  /** All slots together. */
  readonly #sum = new LogHistogram();
  /** Oldest first; the last is the one that records. */
  readonly #slots: Slot[];
  /** Of the slot that went last: a new one each second would be 960 bytes outside the heap for the collector to find. */
  #spare: LogHistogram | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#slots = [{ latencies: new LogHistogram(), startMs: clock.monotonic() }];
  }

  get byteLength(): number {
    return (SLOTS + 4) * this.#sum.byteLength;
  }

  /** @param times how many requests took as long. */
  add(ms: Milliseconds, times = 1): void {
    this.#fresh.add(ms, times);
  }

  /** Everything since the start. */
  get all(): LogHistogram {
    this.#file();
    return this.#all;
  }

  /** Rate and percentiles of the last ten seconds, or since the last call of `turn` if that was longer ago. */
  read(): RecentLatency {
    this.#file();
    const now = this.turn();
    const elapsedMs = now - (this.#slots[0]?.startMs ?? now);
    return {
      // Over a second at least: one request in the first millisecond is not a thousand a second.
      perSecond: Math.round((this.#sum.count / Math.max(elapsedMs, SECOND)) * SECOND * 100) / 100,
      p50Ms: this.#sum.quantile(0.5),
      p95Ms: this.#sum.quantile(0.95),
      p99Ms: this.#sum.quantile(0.99),
    };
  }

  /** Begins a new slot when the current one is a second old, and drops what is older than ten. @returns the time. */
  turn(): Milliseconds {
    const now = this.#clock.monotonic();
    const current = this.#slots.at(-1);
    if (current === undefined || now - current.startMs >= SPAN_MS / SLOTS) {
      this.#file();
      this.#slots.push({ latencies: this.#spare ?? new LogHistogram(), startMs: now });
      this.#spare = null;
    }
    // A slot ended when the next began.
    for (let next = this.#slots[1]; next !== undefined; next = this.#slots[1]) {
      if (this.#slots.length <= SLOTS && now - next.startMs < SPAN_MS) break;
      const expired = this.#slots.shift();
      if (expired !== undefined) this.#drop(expired);
    }
    return now;
  }

  #drop({ latencies }: Slot): void {
    if (latencies.count > 0) {
      this.#sum.subtract(latencies);
      latencies.clear();
    }
    this.#spare = latencies;
  }

  #file(): void {
    if (this.#fresh.count === 0) return;
    this.#slots.at(-1)?.latencies.merge(this.#fresh);
    this.#sum.merge(this.#fresh);
    this.#all.merge(this.#fresh);
    this.#fresh.clear();
  }
}
