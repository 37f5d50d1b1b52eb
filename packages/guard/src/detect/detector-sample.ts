import type { Bytes, Milliseconds } from '@maque/kit';
import type { MemorySample } from '../sample/memory-sample.ts';

/** What the detector needs to know of one moment: the part of a sample that recorded traces have in common. */
export interface DetectorSample {
  /** Monotonic, from any origin. */
  readonly atMs: Milliseconds;
  readonly heapUsed: Bytes;
  readonly heapTotal: Bytes;
  /** Bytes that survived the last major collection, and when it ended, on the scale of `atMs`. */
  readonly heapFloor: Bytes | null;
  readonly heapFloorAtMs: Milliseconds | null;
  /** Whether that collection was forced, and stood still for it; left out where nobody forces any. */
  readonly isFloorExact?: boolean;
  /** What the old generation may grow to. */
  readonly heapLimit: Bytes;
  /** Minor collections so far; null when nobody counts them. */
  readonly minors: number | null;
  readonly external: Bytes;
  /** Anonymous memory, or the whole RSS where nothing better is known. */
  readonly resident: Bytes | null;
  /** What the control group or the machine has, and what is taken of it; the process alone when null. */
  readonly boxLimit: Bytes | null;
  readonly boxUsed: Bytes | null;
  /** Requests served so far by each route, always in the same order; empty when unknown. */
  readonly requests: readonly number[];
}

// Each point keeps the counts of its moment: eight routes are 64 bytes a point, 60 KiB in all.
const MAX_ROUTES = 8;

/**
 * The sample with nothing in it that is not a number: what it must have is taken from the one before. Null when it cannot
 * be used at all: no time, a time before the last one, or no heap.
 */
export function boundedSample(sample: DetectorSample, last: DetectorSample | null): DetectorSample | null {
  const heapUsed = size(sample.heapUsed) ?? last?.heapUsed;
  const heapLimit = size(sample.heapLimit) ?? last?.heapLimit;
  const inOrder = isTime(sample.atMs) && (last === null || sample.atMs > last.atMs);
  if (!inOrder || heapUsed === undefined || heapLimit === undefined) return null;
  return {
    atMs: sample.atMs,
    heapUsed,
    heapTotal: size(sample.heapTotal) ?? last?.heapTotal ?? heapUsed,
    heapFloor: size(sample.heapFloor),
    heapFloorAtMs: floorTime(sample),
    isFloorExact: sample.isFloorExact === true,
    heapLimit,
    minors: size(sample.minors),
    external: size(sample.external) ?? last?.external ?? 0,
    resident: size(sample.resident),
    boxLimit: size(sample.boxLimit),
    boxUsed: size(sample.boxUsed),
    requests: sample.requests.length <= MAX_ROUTES ? sample.requests : sample.requests.slice(0, MAX_ROUTES),
  };
}

function size(value: number | null): number | null {
  return value !== null && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : null;
}

/** A floor that claims to be from the future would keep out all that follow. */
function floorTime(sample: DetectorSample): Milliseconds | null {
  const { heapFloorAtMs, atMs } = sample;
  return heapFloorAtMs !== null && isTime(heapFloorAtMs) && heapFloorAtMs <= atMs ? heapFloorAtMs : null;
}

/** Beyond this, differences of times are no numbers any more. */
function isTime(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/**
 * The detector's view of the guard's own sample. Times in whole milliseconds: V8 keeps small whole numbers in place, others
 * as objects, which is a quarter of what the detector remembers.
 * @param requests served so far by each route, always in the same order.
 */
export function detectorSample(sample: MemorySample, requests: readonly number[]): DetectorSample {
  return {
    atMs: Math.round(sample.uptimeMs),
    heapUsed: sample.heapUsed,
    heapTotal: sample.heapTotal,
    heapFloor: sample.heapFloor,
    heapFloorAtMs: sample.heapFloorAtMs === null ? null : Math.round(sample.heapFloorAtMs),
    heapLimit: sample.heapLimit,
    minors: sample.gcMinors,
    external: sample.external,
    resident: sample.anonymous ?? sample.rss,
    boxLimit: sample.boxLimit,
    boxUsed: sample.boxUsed,
    requests,
  };
}
