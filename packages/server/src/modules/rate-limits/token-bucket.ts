import { MINUTE, type Milliseconds, SECOND } from '@maque/kit';

/** How many in a minute, over and over; and how many at once after a rest: ten seconds' worth, as when a page opens. */
export interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

/** Ten seconds: a page that opens asks for a dozen things at once, and a person then reads for a while. */
const BURST_MS: Milliseconds = 10 * SECOND;

export interface Bucket {
  tokens: number;
  atMs: Milliseconds;
}

/** @param perMinute positive. */
export function rateOf(perMinute: number): Rate {
  return { perMinute, burst: Math.max(1, Math.ceil((perMinute * BURST_MS) / MINUTE)) };
}

export function fullBucket(rate: Rate, nowMs: Milliseconds): Bucket {
  return { tokens: rate.burst, atMs: nowMs };
}

/** Takes one; answers 0, or after how long there will be one. */
export function takeFrom(bucket: Bucket, rate: Rate, nowMs: Milliseconds): Milliseconds {
  const earned = (Math.max(0, nowMs - bucket.atMs) * rate.perMinute) / MINUTE;
  bucket.tokens = Math.min(rate.burst, bucket.tokens + earned);
  bucket.atMs = nowMs;
  if (bucket.tokens < 1) return ((1 - bucket.tokens) * MINUTE) / rate.perMinute;
  bucket.tokens -= 1;
  return 0;
}
