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
  refill(bucket, rate, nowMs);
  if (bucket.tokens < 1) return timeFor(1 - bucket.tokens, rate);
  bucket.tokens -= 1;
  return 0;
}

/**
 * Takes several more for what was let in and turns out to be as much as that. One that owes nothing may owe the rest,
 * whatever it has: there would be no time at which a burst smaller than that were enough. Answers 0, or how long it owes.
 */
export function takeMore(bucket: Bucket, rate: Rate, nowMs: Milliseconds, count: number): Milliseconds {
  refill(bucket, rate, nowMs);
  if (bucket.tokens < 0) return timeFor(1 - bucket.tokens, rate);
  bucket.tokens -= count;
  return 0;
}

function refill(bucket: Bucket, rate: Rate, nowMs: Milliseconds): void {
  const earned = (Math.max(0, nowMs - bucket.atMs) * rate.perMinute) / MINUTE;
  bucket.tokens = Math.min(rate.burst, bucket.tokens + earned);
  bucket.atMs = nowMs;
}

function timeFor(tokens: number, { perMinute }: Rate): Milliseconds {
  return (tokens * MINUTE) / perMinute;
}
