import { parentPort, workerData } from 'node:worker_threads';
import type { MetronomeOrders } from './metronome.ts';

/** Sleeps from beat to beat: a wait on memory that nobody wakes ends when its time is up, to the microsecond. */
const { startNanoseconds, periodMs, underway } = workerData as MetronomeOrders;
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

for (;;) {
  const elapsedMs = Number(process.hrtime.bigint() - startNanoseconds) / 1e6;
  const nextBeatMs = (Math.floor(elapsedMs / periodMs) + 1) * periodMs;
  Atomics.wait(nobodyWakes, 0, 0, nextBeatMs - elapsedMs);
  if (Atomics.exchange(underway, 0, 1) === 0) parentPort?.postMessage(undefined);
}
