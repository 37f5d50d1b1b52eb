import type { Milliseconds } from '@maque/kit';

/**
 * What is believed about growth before a process has shown any. A leak and a cache that fills look the same until the
 * cache is full, so what tells them apart is how long and how far it has gone on: both are shares of what the
 * caller gives (horizon, limit), so that the same numbers hold for minutes and for days.
 */
export interface GrowthPrior {
  /** How likely growth is a leak, by when it began. */
  readonly leakFromStart: number;
  readonly leakLater: number;
  /** How likely a leak shows on top of a warm-up, so that its rate seems to fall. */
  readonly leakAfterWarmUp: number;
  /** How likely a fill slows down before it ends (random keys) rather than ending at once (keys in order). */
  readonly slowingFill: number;
  /** Half of all warm-ups and fills are over after this share of the horizon; how sharply (log-logistic distribution). */
  readonly fillTime: number;
  readonly fillTimeSharpness: number;
  /** What fills after the start is only a part: it takes this share of that time. */
  readonly laterFillTime: number;
  /** A process that was quiet for long may also fill for long: at least this share of its age when the growth began. */
  readonly fillTimeOfAge: number;
  /** Half of all fills take no more than this share of what there was to the limit; how sharply. */
  readonly fillSize: number;
  readonly fillSizeSharpness: number;
}

/**
 * The middle of the sets that do best on recorded and generated traces, rounded; leaving any scenario out of the choice
 * changes nothing that matters (docs/decisions/0004-leak-detector.md). 1/18 of 30 minutes is 100 s.
 */
export const GROWTH_PRIOR: GrowthPrior = {
  leakFromStart: 0.5,
  leakLater: 0.72,
  leakAfterWarmUp: 0.27,
  slowingFill: 0.35,
  fillTime: 1 / 18,
  fillTimeSharpness: 8,
  laterFillTime: 0.8,
  fillTimeOfAge: 0.3,
  fillSize: 0.24,
  fillSizeSharpness: 1.75,
};

/**
 * Allocators keep what they once had: they grow fast, then slower, early or late, and hardly any of it is a leak. Not never:
 * pages of the heap that are touched late come before a leak behind it shows. They also take longer over it than caches.
 */
export const ALLOCATOR_PRIOR: GrowthPrior = {
  ...GROWTH_PRIOR,
  leakAfterWarmUp: 0.05,
  fillTime: 1 / 15,
  leakLater: GROWTH_PRIOR.leakFromStart,
};

/** How long half of the fills take that begin at this age of the process. */
export function usualFillMs(ageMs: Milliseconds, horizonMs: Milliseconds, prior: GrowthPrior): Milliseconds {
  const first = prior.fillTime * horizonMs;
  return ageMs === 0 ? first : Math.max(first * prior.laterFillTime, ageMs * prior.fillTimeOfAge);
}

/** The share of fills that still go on after this time. */
export function fillsLongerThan(elapsedMs: Milliseconds, usualMs: Milliseconds, prior: GrowthPrior): number {
  return beyond(elapsedMs / usualMs, prior.fillTimeSharpness);
}

/** The share of fills that go further than this share of the way from where they began to the limit. */
export function fillsLargerThan(share: number, prior: GrowthPrior): number {
  return beyond(share / prior.fillSize, prior.fillSizeSharpness);
}

function beyond(ratio: number, sharpness: number): number {
  return 1 / (1 + ratio ** sharpness);
}
