import { Worker } from 'node:worker_threads';
import type { Milliseconds } from '@maque/kit';

/** What the metronome's thread is told. */
export interface MetronomeOrders {
  /** What the beats count from, on `process.hrtime`'s clock, which all threads share. */
  readonly startNanoseconds: bigint;
  readonly periodMs: Milliseconds;
  /** One cell: 1 while a beat is on its way, so that a busy receiver is not buried in old beats. */
  readonly underway: Int32Array<SharedArrayBuffer>;
}

/**
 * Beats at a steady rate, precise to some 0.1 ms. Node's own timers count whole milliseconds and come half a
 * millisecond late on average, as much as a fast server takes for its answer.
 */
export class Metronome {
  readonly #worker: Worker;
  readonly #underway = new Int32Array(new SharedArrayBuffer(4));

  /** @param startAt what the beats count from, on `performance.now()`'s clock. */
  constructor(startAt: Milliseconds, periodMs: Milliseconds, onBeat: () => void) {
    const elapsedNanoseconds = BigInt(Math.round((performance.now() - startAt) * 1e6));
    const startNanoseconds = process.hrtime.bigint() - elapsedNanoseconds;
    const workerData: MetronomeOrders = { startNanoseconds, periodMs, underway: this.#underway };
    this.#worker = new Worker(new URL('./metronome-thread.ts', import.meta.url), { workerData });
    this.#worker.on('message', () => {
      Atomics.store(this.#underway, 0, 0);
      onBeat();
    });
    this.#worker.on('error', (error) => {
      throw error;
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
