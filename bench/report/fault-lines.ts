import { OVERLOAD_FACTOR } from '../faults/overload.ts';
import type { BenchResult } from './bench-result.ts';
import { show } from './figures.ts';

/** What the fault runs saw, beyond what their goals say: one sentence each. */
export function faultLines({ workerKill, recycle, overload, smallBox }: BenchResult): readonly string[] {
  const lines: string[] = [];
  if (workerKill !== undefined) {
    const { requests, lostInFlight, failedOtherwise, replacedAfterMs, longestSilenceMs } = workerKill;
    lines.push(
      `kill -9 of a worker: of ${show.count(requests)} requests ${lostInFlight} were in flight on it and lost, ` +
        `${failedOtherwise} failed otherwise; longest silence ${show.ms(longestSilenceMs)}, ` +
        `a new worker was ready after ${show.ms(replacedAfterMs)}`,
    );
  }
  if (recycle !== undefined) {
    const { requests, failed, recycles } = recycle;
    lines.push(`recycle: ${failed} of ${show.count(requests)} requests failed in ${recycles} recycles`);
  }
  if (overload !== undefined) {
    const unloaded = show.ms(overload.unloaded.window.latency.p99Ms);
    lines.push(`capacity: ${show.count(overload.capacity)} req/s; p99 unloaded: ${unloaded}`);
    for (const { load, outstandingPerConnection, offeredPerSecond } of overload.overloads) {
      const { right, shed, seconds, latency, notSent } = load.window;
      lines.push(
        `overload × ${OVERLOAD_FACTOR} (${show.count(offeredPerSecond)} req/s offered, 100 connections × ` +
          `${outstandingPerConnection}): ${show.count(right / seconds)} req/s right, ${show.count(shed / seconds)} shed, ` +
          `${show.count(notSent / seconds)} found no free connection; p99 of the right ones ${show.ms(latency.p99Ms)}, ` +
          `peak PSS ${show.mebibytes(load.service.peak.pss)} of ${show.mebibytes(overload.budget)}`,
      );
    }
  }
  if (smallBox !== undefined) {
    const { load, limit, budget, cgroupVersion, peakCharged, oomKills } = smallBox;
    lines.push(
      `${show.mebibytes(limit)} cgroup (v${cgroupVersion}): ${show.count(load.requestsPerSecond)} req/s, ` +
        `${oomKills} OOM kills, peak PSS ${show.mebibytes(load.service.peak.pss)} of ${show.mebibytes(budget)}, ` +
        `peak charged with page cache ${show.mebibytes(peakCharged)}`,
    );
  }
  return lines;
}
