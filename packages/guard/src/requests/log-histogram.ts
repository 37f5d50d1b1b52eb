import type { Milliseconds } from '@maque/kit';

// Eight linear steps in every power of two of microseconds: a bucket is at most 12.5 % wide, so the middle of it
// is at most 6.25 % off. 2^31 µs (36 min) is the last; what takes longer counts there.
const STEP_BITS = 3;
const STEPS = 1 << STEP_BITS;
const MAX_MICROSECONDS = 2 ** 31 - 1;
const BUCKETS = bucketOf(MAX_MICROSECONDS) + 1;

/** Durations counted in fixed logarithmic buckets: 960 bytes for ever, whatever is recorded. */
export class LogHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #sumMs = 0;
  /** Between these lie the buckets that hold anything: some twenty of 240, and the others need not be looked at. */
  #first = BUCKETS;
  #last = -1;

  get count(): number {
    return this.#count;
  }

  get sumMs(): Milliseconds {
    return this.#sumMs;
  }

  get byteLength(): number {
    return this.#counts.byteLength;
  }

  /**
   * Counts one duration, or `times` of it. What is negative or not a number counts as zero: one bad clock must not spoil
   * the rest.
   */
  add(ms: Milliseconds, times = 1): void {
    const duration = ms > 0 ? ms : 0;
    const bucket = bucketOf(Math.min(duration * 1000, MAX_MICROSECONDS));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + times;
    this.#count += times;
    this.#sumMs += duration * times;
    if (bucket < this.#first) this.#first = bucket;
    if (bucket > this.#last) this.#last = bucket;
  }

  /** Counts all that `other` holds. */
  merge(other: LogHistogram): void {
    for (let bucket = other.#first; bucket <= other.#last; bucket += 1) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.#counts[bucket] ?? 0);
    }
    this.#first = Math.min(this.#first, other.#first);
    this.#last = Math.max(this.#last, other.#last);
    this.#count += other.#count;
    this.#sumMs += other.#sumMs;
  }

  clear(): void {
    this.#counts.fill(0, this.#first, this.#last + 1);
    this.#count = 0;
    this.#sumMs = 0;
    this.#first = BUCKETS;
    this.#last = -1;
  }

  /** Takes away what `other` holds, all of which must have been added here too. */
  subtract(other: LogHistogram): void {
    for (let bucket = other.#first; bucket <= other.#last; bucket += 1) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) - (other.#counts[bucket] ?? 0);
    }
    this.#count -= other.#count;
    this.#sumMs -= other.#sumMs;
  }

  /** The duration that a share `q` (0 to 1) of all recorded ones does not exceed; null when nothing was recorded. */
  quantile(q: number): Milliseconds | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(q * this.#count));
    let seen = 0;
    let bucket = this.#first - 1;
    while (seen < rank && bucket < BUCKETS - 1) {
      bucket += 1;
      seen += this.#counts[bucket] ?? 0;
    }
    return (lowerEdge(bucket) + lowerEdge(bucket + 1)) / 2 / 1000;
  }

  /** How many durations were shorter than `2^exponent` µs: exact, since powers of two are edges of buckets. */
  countBelowPowerOfTwo(exponent: number): number {
    const end = bucketOf(2 ** exponent);
    let below = 0;
    for (let bucket = 0; bucket < end; bucket += 1) below += this.#counts[bucket] ?? 0;
    return below;
  }
}

/** The bucket of a duration in µs (below 2^31): its highest bit and the three bits after it. */
function bucketOf(microseconds: number): number {
  const whole = microseconds | 0;
  if (whole < STEPS) return whole;
  const shift = 31 - Math.clz32(whole) - STEP_BITS;
  return (shift << STEP_BITS) + (whole >>> shift);
}

/** The least duration, in µs, that falls into `bucket`. */
function lowerEdge(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const shift = (bucket >> STEP_BITS) - 1;
  return (STEPS + (bucket & (STEPS - 1))) * 2 ** shift;
}
