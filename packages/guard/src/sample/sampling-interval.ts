import type { Milliseconds } from '@maque/kit';

export interface IntervalBounds {
  readonly minMs: Milliseconds;
  readonly maxMs: Milliseconds;
}

export interface Activity {
  /** Share of the time in which the event loop was busy; null when unknown. */
  readonly utilization: number | null;
  readonly underPressure: boolean;
  /** The interval that has just passed. */
  readonly intervalMs: Milliseconds;
}

// From half a core on the process is under load: samples come at the fastest pace. A sample costs 250 to 350 µs where nothing
// is in a cache; whoever answers 10,000 small requests a second is a seventh busy, and twice a second would be dear for that.
const LOADED_UTILIZATION = 0.5;

/**
 * When to look next. The pace follows the work, so that the guard costs the same small share of it at any load: with
 * the default bounds 500 ms from 50 % utilization on, 1 s from 25 %, 10 s below 2.5 %, in whole steps of the shortest, so
 * that the same timer serves again. It speeds up at once and slows down by halves, so that a pause between two bursts is not
 * taken for the night.
 */
export function nextInterval(activity: Activity, bounds: IntervalBounds): Milliseconds {
  const { utilization, underPressure, intervalMs } = activity;
  if (underPressure || utilization === null) return bounds.minMs;
  const steps = Math.ceil(LOADED_UTILIZATION / Math.max(utilization, 1e-6));
  return Math.max(bounds.minMs, Math.min(steps * bounds.minMs, bounds.maxMs, intervalMs * 2));
}
