import type { Milliseconds } from '@maque/kit';
import { studentT95 } from '../../report/student-t.ts';

export interface Sample {
  readonly atMs: Milliseconds;
  readonly value: number;
}

/** The slope of a straight line through samples, with its 95 % interval. */
export interface Growth {
  readonly perHour: number;
  readonly low: number;
  readonly high: number;
}

/** Neighbouring samples are alike, which makes an interval look narrower than it is; means of as many blocks are not. */
const BLOCKS = 12;
const HOUR_MS = 3_600_000;

/**
 * Whether something grew over a run. Least squares over the means of blocks of equal length.
 * @throws RangeError when there are fewer samples than it takes to fill every block.
 */
export function growthOf(samples: readonly Sample[]): Growth {
  const means = blockMeans(samples);
  const meanAt = mean(means.map(({ atMs }) => atMs));
  const meanValue = mean(means.map(({ value }) => value));
  const spread = means.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  const slope =
    means.reduce((sum, { atMs, value }) => sum + (atMs - meanAt) * (value - meanValue), 0) / spread;
  const residuals = means.map(({ atMs, value }) => value - meanValue - slope * (atMs - meanAt));
  const freedom = means.length - 2;
  const variance = residuals.reduce((sum, residual) => sum + residual ** 2, 0) / freedom;
  const margin = studentT95(freedom) * Math.sqrt(variance / spread);
  return {
    perHour: slope * HOUR_MS,
    low: (slope - margin) * HOUR_MS,
    high: (slope + margin) * HOUR_MS,
  };
}

function blockMeans(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length < BLOCKS)
    throw new RangeError(`growth takes ${BLOCKS} samples at least, not ${samples.length}`);
  const edge = (block: number): number => Math.round((block * samples.length) / BLOCKS);
  return Array.from({ length: BLOCKS }, (_, block) => {
    const part = samples.slice(edge(block), edge(block + 1));
    return { atMs: mean(part.map(({ atMs }) => atMs)), value: mean(part.map(({ value }) => value)) };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
