import type { WorkerLimits } from '@maque/keeper';
import { MiB } from '@maque/kit';
import type { Budget } from '@maque/ops';

// What a plan keeps back for bursts, and what it could not give away.
const BURSTS: readonly string[] = ['RESERVE', 'FREE'];

/**
 * What the keeper holds a worker to. V8's own limit lies above the heap that is planned, by the worker's part of what is kept
 * back for bursts: the sum stays what it is, and a heap that fills by 50 MB a second has the second more that the others need
 * to take its connections (measured: 50 MiB/s lost 0.3 requests a time instead of 50).
 */
export function workerLimitsOf({ perWorker, lines, workers }: Budget): WorkerLimits {
  const kept = lines.filter(({ code }) => BURSTS.includes(code)).reduce((sum, { bytes }) => sum + bytes, 0);
  // More than half as much again would be another heap than the one that was planned.
  const heapReserveMb = Math.floor(Math.min(kept / workers / MiB, perWorker.oldSpaceMb / 2));
  return { ...perWorker, heapReserveMb };
}
