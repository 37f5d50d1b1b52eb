import { errors } from '@maque/contract';
import type { Metric } from '@maque/guard';
import { ByteCache, type Bytes, type Clock, type CodedError, MiB, type Milliseconds } from '@maque/kit';
import { type Bucket, fullBucket, type Rate, rateOf, takeFrom, takeMore } from './token-bucket.ts';

const LIMITED_KINDS = ['user', 'ip', 'login', 'export', 'phone'] as const;
export type LimitedKind = (typeof LIMITED_KINDS)[number];
type SetKind = 'user' | 'ip' | 'login';

export interface RateLimiterOptions {
  /** Requests a minute of each kind of caller, in this worker; 0 for any number. */
  readonly perMinute: Readonly<Record<SetKind, number>>;
  readonly clock: Clock;
  /** Bound of what is remembered: 1 MiB unless told, which is about 4,500 callers. */
  readonly maxBytes?: Bytes;
}

/** Of whoever is not among the callers remembered, nothing is held against them: a flood from many places is admission's. */
const MAX_BYTES: Bytes = 1 * MiB;
/** Each reads all that a user has: nobody needs a second one within seconds. */
const EXPORTS: Rate = rateOf(2);
/** Each asks WeChat, which counts what a mini-program asks: whoever binds a phone presses a button once, or a few times. */
const PHONES: Rate = { perMinute: 5, burst: 5 };
/** Two numbers and the object around them. */
const BUCKET_BYTES: Bytes = 48;

/** Counts requests by caller in token buckets, within bounded memory; who was not seen for longest is forgotten first. */
export class RateLimiter {
  readonly #rates: Readonly<Record<LimitedKind, Rate | undefined>>;
  readonly #buckets: ByteCache<Bucket>;
  readonly #clock: Clock;
  readonly #refused: Record<LimitedKind, number> = { user: 0, ip: 0, login: 0, export: 0, phone: 0 };

  constructor({ perMinute, clock, maxBytes = MAX_BYTES }: RateLimiterOptions) {
    const rate = (count: number) => (count > 0 ? rateOf(count) : undefined);
    this.#rates = {
      user: rate(perMinute.user),
      ip: rate(perMinute.ip),
      login: rate(perMinute.login),
      export: EXPORTS,
      phone: PHONES,
    };
    this.#buckets = new ByteCache({ maxBytes, sizeOf: () => BUCKET_BYTES, clock });
    this.#clock = clock;
  }

  /** Whether anything of a kind is counted. */
  counts(kind: LimitedKind): boolean {
    return this.#rates[kind] !== undefined;
  }

  /** Counts a request; answers TOO_MANY_REQUESTS when it is one too many. */
  take(kind: LimitedKind, caller: string): CodedError | undefined {
    return this.#count(kind, caller, takeFrom);
  }

  /** Counts a request that was taken as so many more; answers TOO_MANY_REQUESTS while its caller has had too many already. */
  takeMore(kind: LimitedKind, caller: string, count: number): CodedError | undefined {
    return this.#count(kind, caller, (bucket, rate, nowMs) => takeMore(bucket, rate, nowMs, count));
  }

  metrics(): Metric[] {
    const { entries, bytes } = this.#buckets.stats();
    const samples = LIMITED_KINDS.map((kind) => ({ labels: { kind }, value: this.#refused[kind] }));
    return [
      {
        type: 'counter',
        name: 'maque_rate_limited_total',
        help: 'Requests refused because their caller had made too many',
        samples,
      },
      {
        type: 'gauge',
        name: 'maque_rate_limit_callers',
        help: 'Callers whose requests are counted',
        samples: [{ value: entries }],
      },
      {
        type: 'gauge',
        name: 'maque_rate_limit_bytes',
        help: 'Memory that counting them takes',
        samples: [{ value: bytes }],
      },
    ];
  }

  #count(
    kind: LimitedKind,
    caller: string,
    take: (bucket: Bucket, rate: Rate, nowMs: Milliseconds) => Milliseconds,
  ): CodedError | undefined {
    const rate = this.#rates[kind];
    if (rate === undefined) return undefined;
    const nowMs = this.#clock.monotonic();
    const waitMs = take(this.#bucketOf(`${kind} ${caller}`, rate, nowMs), rate, nowMs);
    if (waitMs === 0) return undefined;
    this.#refused[kind] += 1;
    return errors.TOO_MANY_REQUESTS({ retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
  }

  #bucketOf(key: string, rate: Rate, nowMs: Milliseconds): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    const fresh = fullBucket(rate, nowMs);
    this.#buckets.set(key, fresh);
    return fresh;
  }
}
