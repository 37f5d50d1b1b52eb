import { type Bytes, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import type { LivePoint } from './collected-points.ts';
import { DETECTOR_NUMBERS, type DetectorNumbers } from './detector-numbers.ts';
import { boundedSample, type DetectorSample } from './detector-sample.ts';
import { believeAgainstTraffic, growthPoints } from './growth-axis.ts';
import { type GrowthBelief, leastNoticeable } from './growth-tally.ts';
import { ExternalLivePoints, HeapLivePoints, NativeLivePoints } from './live-points.ts';
import { POOLS, type Pool, type PoolVerdict, verdictOf } from './verdict.ts';

export interface DetectorOptions {
  /**
   * How far to look ahead; 30 minutes unless told. A day or more makes this the slow channel: what counts as a warm-up
   * is a share of the horizon.
   */
  readonly horizonMs?: Milliseconds;
  /** Levels at which this app has been well in earlier runs: what stays below them is warm-up. */
  readonly settled?: Readonly<Partial<Record<Pool, Bytes>>>;
}

export interface Detector {
  /** Takes a sample in. False when it is of no use: its time goes back or is no number, or it says nothing of the heap. */
  push(sample: DetectorSample): boolean;
  /**
   * What the samples so far make believe, pool by pool; nothing before the first one.
   * @param horizonMs how far to look ahead, when not as far as the detector was made for.
   * @throws RangeError when it is not a positive number.
   */
  evaluate(horizonMs?: Milliseconds): PoolVerdict[];
}

const DEFAULT_HORIZON_MS: Milliseconds = 30 * MINUTE;
// Two floors and a few minima: less than this is the noise of starting up.
const LEAST_SPAN_MS: Milliseconds = 20 * SECOND;
const LEAST_POINTS = 4;
// Nine of ten normal errors are within this many standard deviations.
const NINE_OF_TEN = 1.645;
// What a pool without a known limit is held against, so that the rest can be computed: 8 PiB.
const NO_LIMIT: Bytes = Number.MAX_SAFE_INTEGER;

/**
 * Watches three pools of one process for growth that will not end before the limit. Depends on nothing but the samples;
 * remembers at most 1,000 points (25 KiB measured after three days).
 * @param numbers those shipped, but for experiments with the numbers themselves (bench/leaks/research).
 * @throws RangeError when the horizon is not a positive number.
 */
export function createDetector(
  options: DetectorOptions = {},
  numbers: DetectorNumbers = DETECTOR_NUMBERS,
): Detector {
  const { horizonMs: usualHorizonMs = DEFAULT_HORIZON_MS, settled = {} } = options;
  checkHorizon(usualHorizonMs);
  const live = {
    heap: new HeapLivePoints(),
    external: new ExternalLivePoints(),
    native: new NativeLivePoints(),
  };
  let last: DetectorSample | null = null;

  function evaluatePool(pool: Pool, sample: DetectorSample, horizonMs: Milliseconds): PoolVerdict {
    const points = live[pool].points();
    const level = (points.at(-1)?.mebibytes ?? 0) * MiB;
    const limit = limitOf(pool, sample, level);
    const limitMebibytes = (limit ?? NO_LIMIT) / MiB;
    if (isThin(points, sample.atMs)) return withoutGrowth('not-enough-evidence', pool, level, limit);
    const { noise, prior, doubt, leastGrown, noticeable } = numbers[pool];
    if (isSteady(points, limitMebibytes, noticeable)) return withoutGrowth('healthy', pool, level, limit);
    const question = {
      points: growthPoints(points, sample.atMs),
      pace: 1,
      limitMebibytes,
      settledMebibytes: (settled[pool] ?? 0) / MiB,
      doubtfulMs: doubt * (sample.atMs - (live[pool].certainAtMs ?? points[0]?.atMs ?? sample.atMs)),
      slackMebibytes: pool === 'native' ? live.native.slackMebibytes : 0,
      leastPoints: leastGrown,
      noticeableMebibytes: noticeable,
      horizonMs,
      noise,
      prior,
    };
    return withGrowth(pool, believeAgainstTraffic(question, points, sample.requests), limit);
  }

  return {
    push(raw) {
      const sample = boundedSample(raw, last);
      if (sample === null) return false;
      last = sample;
      for (const pool of POOLS) live[pool].push(sample);
      return true;
    },
    evaluate(horizonMs = usualHorizonMs) {
      checkHorizon(horizonMs);
      const sample = last;
      return sample === null ? [] : POOLS.map((pool) => evaluatePool(pool, sample, horizonMs));
    },
  };
}

function checkHorizon(horizonMs: Milliseconds): void {
  if (!(horizonMs > 0 && Number.isFinite(horizonMs))) {
    throw new RangeError(`horizonMs must be a positive number, not ${horizonMs}`);
  }
}

/** The heap runs out of its own limit, the other pools of what is left on the box. */
function limitOf(pool: Pool, sample: DetectorSample, level: Bytes): Bytes | null {
  if (pool === 'heap') return sample.heapLimit;
  const used = sample.boxUsed ?? sample.resident;
  return sample.boxLimit === null || used === null ? null : level + Math.max(0, sample.boxLimit - used);
}

function isThin(points: readonly LivePoint[], nowMs: Milliseconds): boolean {
  const first = points[0];
  return first === undefined || points.length < LEAST_POINTS || nowMs - first.atMs < LEAST_SPAN_MS;
}

/** Not even from the lowest point to the highest has it come a noticeable part of the way: nothing to fit. */
function isSteady(points: readonly LivePoint[], limitMebibytes: number, noticeable: number): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { mebibytes } of points) {
    low = Math.min(low, mebibytes);
    high = Math.max(high, mebibytes);
  }
  return high - low < leastNoticeable(limitMebibytes - low, noticeable);
}

function withGrowth(pool: Pool, belief: GrowthBelief, limit: Bytes | null): PoolVerdict {
  const { rate, rateDeviation } = belief;
  const perSecond = MiB * SECOND;
  const grows = belief.growing > 0.5 && rate > 0 && limit !== null;
  return {
    pool,
    verdict: verdictOf(belief),
    probability: limit === null ? 0 : belief.reaching,
    leakProbability: belief.leaking,
    growthProbability: belief.growing,
    bytesPerSecond: rate * perSecond,
    bytesPerSecondInterval: [
      (rate - NINE_OF_TEN * rateDeviation) * perSecond,
      (rate + NINE_OF_TEN * rateDeviation) * perSecond,
    ],
    level: belief.level * MiB,
    limit,
    timeToLimitMs: grows ? Math.max(0, (limit / MiB - belief.level) / rate) : null,
  };
}

function withoutGrowth(
  verdict: 'not-enough-evidence' | 'healthy',
  pool: Pool,
  level: Bytes,
  limit: Bytes | null,
): PoolVerdict {
  return {
    pool,
    verdict,
    probability: 0,
    leakProbability: 0,
    growthProbability: 0,
    bytesPerSecond: 0,
    bytesPerSecondInterval: [0, 0],
    level,
    limit,
    timeToLimitMs: null,
  };
}
