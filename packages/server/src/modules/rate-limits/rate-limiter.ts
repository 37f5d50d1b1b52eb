import { errors } from '@maque/contract';
import { ByteCache, type Bytes, type Clock, type CodedError, MiB, type Milliseconds } from '@maque/kit';
import { type Bucket, fullBucket, type Rate, rateOf, takeFrom } from './token-bucket.ts';

export type LimitedKind = 'user' | 'ip' | 'login';

export interface RateLimiterOptions {
  /** Requests a minute of each kind of caller, in this worker; 0 for any number. */
  readonly perMinute: Readonly<Record<LimitedKind, number>>;
  readonly clock: Clock;
  /** Bound of what is remembered: 1 MiB unless told, which is about 4,500 callers. */
  readonly maxBytes?: Bytes;
}

/** Of whoever is not among the callers remembered, nothing is held against them: a flood from many places is admission's. */
const MAX_BYTES: Bytes = 1 * MiB;
/** Two numbers and the object around them. */
const BUCKET_BYTES: Bytes = 48;

/** Counts requests by caller in token buckets, within bounded memory; who was not seen for longest is forgotten first. */
export class RateLimiter {
  readonly #rates: Readonly<Record<LimitedKind, Rate | undefined>>;
  readonly #buckets: ByteCache<Bucket>;
  readonly #clock: Clock;
  #refused = 0;

  constructor({ perMinute, clock, maxBytes = MAX_BYTES }: RateLimiterOptions) {
    const rate = (kind: LimitedKind) => (perMinute[kind] > 0 ? rateOf(perMinute[kind]) : undefined);
    this.#rates = { user: rate('user'), ip: rate('ip'), login: rate('login') };
    this.#buckets = new ByteCache({ maxBytes, sizeOf: () => BUCKET_BYTES, clock });
    this.#clock = clock;
  }

  /** Whether anything of a kind is counted. */
  counts(kind: LimitedKind): boolean {
    return this.#rates[kind] !== undefined;
  }

  /** Counts a request; answers TOO_MANY_REQUESTS when it is one too many. */
  take(kind: LimitedKind, caller: string): CodedError | undefined {
    const rate = this.#rates[kind];
    if (rate === undefined) return undefined;
    const waitMs = this.#take(rate, `${kind} ${caller}`, this.#clock.monotonic());
    if (waitMs === 0) return undefined;
    this.#refused += 1;
    return errors.TOO_MANY_REQUESTS({ retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
  }

  stats(): { readonly callers: number; readonly bytes: Bytes; readonly refused: number } {
    const { entries, bytes } = this.#buckets.stats();
    return { callers: entries, bytes, refused: this.#refused };
  }

  #take(rate: Rate, key: string, nowMs: Milliseconds): Milliseconds {
    const known = this.#buckets.get(key);
    if (known !== undefined) return takeFrom(known, rate, nowMs);
    const fresh = fullBucket(rate, nowMs);
    this.#buckets.set(key, fresh);
    return takeFrom(fresh, rate, nowMs);
  }
}
