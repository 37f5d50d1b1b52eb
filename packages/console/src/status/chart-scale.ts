import { pollIntervalMs } from './status-poller.ts';

/** Two samples further apart than this many seconds are not joined: nobody was looking in between. */
const longestJoin = (3 * pollIntervalMs) / 1_000;
/** What fits on a low chart without lines touching each other's labels. */
const mostSteps = 4;

/** Round values from 0 to `top`: multiples of 1, 2 or 5 × 10ⁿ `unit`s, at most five of them. */
export function axisTicks(top: number, unit: number): number[] {
  const least = top / unit / mostSteps;
  const magnitude = 10 ** Math.floor(Math.log10(least));
  const step = unit * magnitude * ([1, 2, 5].find((factor) => factor * magnitude >= least) ?? 10);
  const ticks: number[] = [];
  for (let tick = 0; tick <= top; tick += step) ticks.push(tick);
  return ticks;
}

/** Where there are no samples between two neighbours of `times[from..to]`: pairs of start and end. */
export function gapsIn(times: ArrayLike<number>, from: number, to: number): [number, number][] {
  const gaps: [number, number][] = [];
  for (let index = from + 1; index <= to; index += 1) {
    const before = times[index - 1] ?? Number.NaN;
    const after = times[index] ?? Number.NaN;
    if (after - before > longestJoin) gaps.push([before, after]);
  }
  return gaps;
}
