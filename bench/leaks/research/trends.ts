import { normalCdf } from '../../../packages/guard/src/detect/normal-cdf.ts';

export type TrendPoint = readonly [x: number, y: number];

export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  const upper = sorted[Math.floor(middle)] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

/** The line with the least sum of squared vertical distances. */
export function leastSquares(points: readonly TrendPoint[]): Line {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  let together = 0;
  let alone = 0;
  for (const [x, y] of points) {
    together += (x - meanX) * (y - meanY);
    alone += (x - meanX) ** 2;
  }
  const slope = alone > 0 ? together / alone : 0;
  return { slope, intercept: meanY - slope * meanX };
}

/** The median of the slopes between all pairs of points (Theil 1950, Sen 1968). */
export function theilSen(points: readonly TrendPoint[]): Line {
  const slopes: number[] = [];
  points.forEach(([x, y], index) => {
    for (const [laterX, laterY] of points.slice(index + 1)) {
      if (laterX > x) slopes.push((laterY - y) / (laterX - x));
    }
  });
  const slope = slopes.length > 0 ? median(slopes) : 0;
  return { slope, intercept: median(points.map(([x, y]) => y - slope * x)) };
}

/** How sure a rise is, by counting the pairs that rise and fall (Mann 1945, Kendall 1975), with the correction for ties. */
export function risingConfidence(values: readonly number[]): number {
  let rises = 0;
  const copies = new Map<number, number>();
  values.forEach((value, index) => {
    copies.set(value, (copies.get(value) ?? 0) + 1);
    for (const later of values.slice(index + 1)) rises += Math.sign(later - value);
  });
  const spread = (count: number): number => count * (count - 1) * (2 * count + 5);
  const tied = [...copies.values()].reduce((sum, count) => sum + spread(count), 0);
  const variance = (spread(values.length) - tied) / 18;
  return variance > 0 ? normalCdf((rises - Math.sign(rises)) / Math.sqrt(variance)) : 0.5;
}
