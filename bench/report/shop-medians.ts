import type { Bytes, Milliseconds } from '@maque/kit';
import type { ShopRound } from '../runs/shop-round.ts';
import type { StackName } from '../stacks/stack.ts';
import { median } from './median.ts';

/** One stack's figures, each the median of its rounds. */
export interface ShopMedians {
  readonly requestsPerSecond: number;
  readonly p50Ms: Milliseconds;
  readonly p99Ms: Milliseconds;
  readonly serviceMicros: number;
  readonly storageMicros: number;
  readonly idlePss: Bytes;
  readonly idleRss: Bytes;
  readonly peakPss: Bytes;
  readonly peakRss: Bytes;
  readonly storageIdlePss: Bytes;
  readonly storagePeakPss: Bytes;
  readonly steadyP50Ms: Milliseconds;
  readonly steadyP99Ms: Milliseconds;
  /** How late the generator itself sent, inside of both percentiles above. */
  readonly steadySendDelayP50Ms: Milliseconds;
  readonly steadyServiceCores: number;
  readonly steadyStorageCores: number;
  readonly coldStartMs: Milliseconds;
}

/** @throws RangeError when the stack did not run. */
export function shopMedians(rounds: readonly ShopRound[], stack: StackName): ShopMedians {
  const own = rounds.filter((round) => round.stack === stack);
  const of = (pick: (round: ShopRound) => number): number => median(own.map(pick));
  const peak = (part: 'service' | 'storage', kind: 'pss' | 'rss'): number =>
    of(({ closedLoop, openLoop }) => Math.max(closedLoop[part].peak[kind], openLoop[part].peak[kind]));
  return {
    requestsPerSecond: of((round) => round.closedLoop.requestsPerSecond),
    p50Ms: of((round) => round.closedLoop.window.latency.p50Ms),
    p99Ms: of((round) => round.closedLoop.window.latency.p99Ms),
    serviceMicros: of((round) => round.closedLoop.service.cpuMicrosPerRequest),
    storageMicros: of((round) => round.closedLoop.storage.cpuMicrosPerRequest),
    idlePss: of((round) => round.idle.service.pss),
    idleRss: of((round) => round.idle.service.rss),
    peakPss: peak('service', 'pss'),
    peakRss: peak('service', 'rss'),
    storageIdlePss: of((round) => round.idle.storage.pss),
    storagePeakPss: peak('storage', 'pss'),
    steadyP50Ms: of((round) => round.openLoop.window.latency.p50Ms),
    steadyP99Ms: of((round) => round.openLoop.window.latency.p99Ms),
    steadySendDelayP50Ms: of((round) => round.openLoop.window.sendDelay?.p50Ms ?? 0),
    steadyServiceCores: of((round) => round.openLoop.service.cores),
    steadyStorageCores: of((round) => round.openLoop.storage.cores),
    coldStartMs: of((round) => round.coldStartMs),
  };
}
