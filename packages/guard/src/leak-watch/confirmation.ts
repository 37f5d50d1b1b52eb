import { type Bytes, DAY, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { POOLS, type Pool } from '../detect/verdict.ts';
import type { PoolReading, Pools } from '../export/state.ts';
import type { MemorySample } from '../sample/memory-sample.ts';

/** What truly lives in each pool, as a full collection has left it. */
export interface ConfirmedPoint {
  /** On the scale of `MemorySample.uptimeMs`. */
  readonly uptimeMs: Milliseconds;
  /** Requests served by then. */
  readonly requests: number;
  /** Null for what the platform does not tell. */
  readonly live: Readonly<Record<Pool, Bytes | null>>;
  readonly limits: Readonly<Record<Pool, Bytes | null>>;
}

/** What lies between two confirmed points of one pool. */
export interface ConfirmedGrowth {
  /**
   * `leaking`: it has come a noticeable part of the way to the limit, and at this rate it is there within a day. `growing`:
   * the first of it only. `healthy`: neither.
   */
  readonly verdict: 'healthy' | 'growing' | 'leaking';
  readonly bytes: Bytes;
  readonly bytesPerSecond: number;
  /** Null when no request was served in between. */
  readonly bytesPerRequest: number | null;
  readonly timeToLimitMs: Milliseconds | null;
}

export interface Confirmation extends ConfirmedPoint {
  /** How long this process stood still for it. */
  readonly pauseMs: Milliseconds;
  /** Against an earlier point at least half a minute ago; null when there is none. */
  readonly since: {
    readonly elapsedMs: Milliseconds;
    /**
     * False when what had lived before is known only from collections that V8 made by itself, between requests: then
     * garbage may have been counted, and growth is at least what is told.
     */
    readonly isExact: boolean;
    readonly requests: number;
    readonly growth: Readonly<Record<Pool, ConfirmedGrowth | null>>;
  } | null;
}

// Between points closer than this lies less than what one request in flight holds.
export const LEAST_APART_MS: Milliseconds = 30 * SECOND;
// What compiled code and caches inside V8 and libc come to between two full collections; 1.5 % is what the detector notices.
const LEAST_GROWTH: Readonly<Record<Pool, Bytes>> = { heap: MiB, external: MiB, native: 8 * MiB };
const LEAST_SHARE = 0.015;
const LEAK_HORIZON_MS: Milliseconds = DAY;

/** Puts what a sample says in the very turn of a full collection into a confirmed point: nothing in use is garbage then. */
export function confirmedPoint(sample: MemorySample, pools: Pools, requests: number): ConfirmedPoint {
  const readings: Record<Pool, PoolReading | null> = {
    heap: { ...pools.heap, used: sample.heapUsed },
    external: pools.external,
    native: pools.native,
  };
  return {
    uptimeMs: sample.uptimeMs,
    requests,
    live: each((pool) => readings[pool]?.used ?? null),
    limits: each((pool) => readings[pool]?.limit ?? null),
  };
}

/**
 * The difference between two confirmed points, without statistics: growth is what lives now and did not then. It is a leak
 * when it is at least 1 MiB (native 8) and 1.5 % of the way that was left to the limit, and goes there within a day at this
 * rate. A cache that fills between the points looks the same: let the first be taken when the app is warm.
 */
export function confirmedGrowth(
  earlier: ConfirmedPoint,
  now: ConfirmedPoint,
): Record<Pool, ConfirmedGrowth | null> {
  const elapsedMs = now.uptimeMs - earlier.uptimeMs;
  const requests = now.requests - earlier.requests;
  return each((pool) => {
    const before = earlier.live[pool];
    const after = now.live[pool];
    if (before === null || after === null || !(elapsedMs > 0)) return null;
    const bytes = after - before;
    const limit = now.limits[pool];
    const perMs = bytes / elapsedMs;
    const timeToLimitMs = limit === null || bytes <= 0 ? null : Math.max(0, limit - after) / perMs;
    const noticeable = Math.max(LEAST_GROWTH[pool], limit === null ? 0 : (limit - before) * LEAST_SHARE);
    const leaks = timeToLimitMs !== null && timeToLimitMs <= LEAK_HORIZON_MS;
    return {
      verdict: bytes < noticeable ? 'healthy' : leaks ? 'leaking' : 'growing',
      bytes,
      bytesPerSecond: perMs * SECOND,
      bytesPerRequest: requests > 0 ? bytes / requests : null,
      timeToLimitMs,
    };
  });
}

function each<Value>(make: (pool: Pool) => Value): Record<Pool, Value> {
  return Object.fromEntries(POOLS.map((pool) => [pool, make(pool)])) as Record<Pool, Value>;
}
