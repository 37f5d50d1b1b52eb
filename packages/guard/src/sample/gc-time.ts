import { constants, PerformanceObserver, performance } from 'node:perf_hooks';
import { type Milliseconds, SECOND } from '@maque/kit';

// Node makes an entry of each collection, calls the observer and runs a turn of immediates for it: 12 to 17 µs with all
// of that in the cache and 150 collections a second (Node 26), 1 of it in the callback itself.
const ENTRY_MS: Milliseconds = 0.015;

// A busy server collects its young generation 20 to 150 times a second, which would cost 300 to 2,000 µs of each. From
// here on one interval is watched and thirty are reckoned from it: 75 µs a second at the worst, 6 at twelve collections
// a second. Where there are fewer, half a second holds too few to reckon from.
const OFTEN_PER_SECOND = 5;
const REST_READINGS = 30;

export interface GcTimeReading {
  readonly majors: number;
  readonly minors: number;
  readonly totalMs: Milliseconds;
}

/**
 * Counts collections and the time they take. While minor ones are frequent it looks at one interval in thirty, and
 * takes the others to be alike.
 */
export class GcTime {
  readonly #onCost: (ms: Milliseconds) => void;
  readonly #observer = new PerformanceObserver((list) => this.#observe(list.getEntries()));
  #watching = false;
  #readAtMs = performance.now();
  #majors = 0;
  #minors = 0;
  #totalMs = 0;
  /** Of the interval that is being watched. */
  #fresh = { minors: 0, totalMs: 0, majors: 0 };
  /** Of the last interval that was. */
  #rate = { minorsPerMs: 0, share: 0 };
  #restLeft = 0;
  #majorEndMs: Milliseconds | null = null;
  #majorMs: Milliseconds = 0;

  constructor(onCost: (ms: Milliseconds) => void) {
    this.#onCost = onCost;
    this.#watch();
  }

  /** Whether collections are being watched now, not reckoned. */
  get watching(): boolean {
    return this.#watching;
  }

  /** When the last major collection ended that was watched. */
  get majorEndMs(): Milliseconds | null {
    return this.#majorEndMs;
  }

  /** There was a major collection: if nobody watched, it took as long as the last one, and the next are watched. */
  major(): void {
    if (this.#watching) return;
    this.#majors += 1;
    this.#totalMs += this.#majorMs;
    this.#pass(this.#elapse());
    this.#watch();
  }

  /** Sums up to now. @param mayRest whether the next interval may be left out. */
  read(mayRest: boolean): GcTimeReading {
    if (this.#watching) this.#observe(this.#observer.takeRecords());
    const elapsedMs = this.#elapse();
    if (this.#watching) {
      const { minors, totalMs, majors } = this.#fresh;
      this.#fresh = { minors: 0, totalMs: 0, majors: 0 };
      this.#majors += majors;
      this.#minors += minors;
      this.#totalMs += totalMs;
      const perSecond = (minors / Math.max(elapsedMs, 1)) * SECOND;
      if (mayRest && perSecond > OFTEN_PER_SECOND && majors === 0) {
        this.#rate = { minorsPerMs: perSecond / SECOND, share: totalMs / Math.max(elapsedMs, 1) };
        this.#rest();
      }
    } else {
      this.#pass(elapsedMs);
      this.#restLeft -= 1;
      if (this.#restLeft <= 0 || !mayRest) this.#watch();
    }
    return { majors: this.#majors, minors: Math.round(this.#minors), totalMs: this.#totalMs };
  }

  stop(): void {
    this.#observer.disconnect();
    this.#watching = false;
  }

  #elapse(): Milliseconds {
    const now = performance.now();
    const elapsedMs = now - this.#readAtMs;
    this.#readAtMs = now;
    return elapsedMs;
  }

  #pass(elapsedMs: Milliseconds): void {
    this.#minors += this.#rate.minorsPerMs * elapsedMs;
    this.#totalMs += this.#rate.share * elapsedMs;
  }

  #watch(): void {
    this.#watching = true;
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  #rest(): void {
    this.#observer.disconnect();
    this.#watching = false;
    this.#restLeft = REST_READINGS;
  }

  #observe(entries: readonly PerformanceEntry[]): void {
    if (entries.length === 0) return;
    const startedAtMs = performance.now();
    for (const entry of entries) {
      this.#fresh.totalMs += entry.duration;
      const kind = kindOf(entry);
      if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) {
        this.#fresh.majors += 1;
        this.#majorEndMs = entry.startTime + entry.duration;
        this.#majorMs = entry.duration;
      } else if (kind === constants.NODE_PERFORMANCE_GC_MINOR) {
        this.#fresh.minors += 1;
      }
    }
    this.#onCost(performance.now() - startedAtMs + entries.length * ENTRY_MS);
  }
}

function kindOf(entry: PerformanceEntry): number | undefined {
  return (entry as PerformanceEntry & { readonly detail?: { readonly kind?: number } }).detail?.kind;
}
