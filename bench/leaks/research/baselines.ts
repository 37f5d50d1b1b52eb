import { MINUTE, SECOND } from '@maque/kit';
import type { DetectorSample } from '../../../packages/guard/src/detect/detector-sample.ts';
import { type Listener, paced, type Said } from './labelled-trace.ts';
import { type Line, leastSquares, risingConfidence, type TrendPoint, theilSen } from './trends.ts';

// What a rule looks back on, and how much of it there must be.
const WINDOW_MS = 5 * MINUTE;
const LEAST_MS = MINUTE;
const LEAST_FLOORS = 6;
// The tutorial's rule: a heap that is this full, and rose this often in a row.
const FULL = 0.85;
const RISES = 3;

/** "The heap is 85 % full and has risen three times in a row": what tutorials say to watch. */
export const fullAndRising: Listener = ({ samples }) => {
  let rises = 0;
  let lastUsed = Number.POSITIVE_INFINITY;
  return [...paced(samples)].map(({ seconds, news }) => {
    const { heapUsed, heapTotal } = news.at(-1) as DetectorSample;
    rises = heapUsed > lastUsed && heapUsed / heapTotal > FULL ? rises + 1 : 0;
    lastUsed = heapUsed;
    return { seconds, probability: rises >= RISES ? 1 : 0 };
  });
};

/** A straight line through `heapUsed` of five minutes, drawn on to the limit. */
export function lineThroughHeapUsed(horizonSeconds: number): Listener {
  return ({ samples }) => {
    const points: TrendPoint[] = [];
    const said: Said[] = [];
    for (const { seconds, news } of paced(samples)) {
      for (const { atMs, heapUsed } of news) points.push([atMs / SECOND, heapUsed]);
      forgetBefore(points, seconds - WINDOW_MS / SECOND);
      if (seconds * SECOND < LEAST_MS) continue;
      const { heapLimit } = news.at(-1) as DetectorSample;
      const reaches = reachesWithin(leastSquares(points), seconds, heapLimit, horizonSeconds);
      said.push({ seconds, probability: reaches ? 1 : 0 });
    }
    return said;
  };
}

/** Mann-Kendall's test of the floor after major collections, and Theil-Sen's line through it, drawn on to the limit. */
export function robustTrendOfFloor(horizonSeconds: number): Listener {
  return ({ samples }) => {
    const floors: TrendPoint[] = [];
    let lastFloorAtMs: number | null = null;
    return [...paced(samples)].map(({ seconds, news }) => {
      for (const { heapFloor, heapFloorAtMs } of news) {
        if (heapFloor === null || heapFloorAtMs === null || heapFloorAtMs === lastFloorAtMs) continue;
        floors.push([heapFloorAtMs / SECOND, heapFloor]);
        lastFloorAtMs = heapFloorAtMs;
      }
      forgetBefore(floors, seconds - WINDOW_MS / SECOND);
      if (floors.length < LEAST_FLOORS) return { seconds, probability: 0 };
      const { heapLimit } = news.at(-1) as DetectorSample;
      const isNear = reachesWithin(theilSen(floors), seconds, heapLimit, horizonSeconds);
      return { seconds, probability: isNear ? risingConfidence(floors.map(([, floor]) => floor)) : 0 };
    });
  };
}

function forgetBefore(points: TrendPoint[], seconds: number): void {
  const kept = points.findIndex(([at]) => at >= seconds);
  points.splice(0, kept < 0 ? points.length : kept);
}

function reachesWithin(
  { slope, intercept }: Line,
  now: number,
  limit: number,
  horizonSeconds: number,
): boolean {
  return slope > 0 && (limit - (intercept + slope * now)) / slope <= horizonSeconds;
}
