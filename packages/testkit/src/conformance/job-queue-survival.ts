import { SECOND } from '@maque/kit';
import type { Job } from '@maque/server/ports';
import { expect } from 'vitest';
import { waitUntil } from '../process/wait-until.ts';
import type { JobQueueUnderTest, QueueUnderTest } from './job-queue-under-test.ts';

/** Something that happens to workers and their jobs; `at` says to which of them, or for how long. */
export interface SurvivalStep {
  readonly kind: 'add' | 'kill' | 'start' | 'pass';
  readonly at: number;
}

interface LiveWorker extends QueueUnderTest {
  /** What its handlers are at. */
  readonly held: Set<number>;
  readonly done: Set<number>;
}

/** Workers come, are killed and work, and in the end everything is done. */
export async function survive(world: JobQueueUnderTest, steps: readonly SurvivalStep[]): Promise<void> {
  const workers: LiveWorker[] = [];
  const done = new Set<number>();
  /** A worker may have died between doing a job and keeping that it is done. */
  const mayRepeat = new Set<number>();
  const faults: string[] = [];
  let added = 0;
  const start = async () => {
    const worker: LiveWorker = { ...(await world.connect()), held: new Set(), done: new Set() };
    const handler = async (one: Job) => {
      const number = one.payload.number as number;
      // What a killed worker still does counts for nothing: its process would be gone.
      if (!workers.includes(worker)) return;
      if (done.has(number) && !mayRepeat.has(number)) faults.push(`${number} was done twice`);
      if (workers.some(({ held }) => held.has(number))) faults.push(`${number} was done at two places`);
      worker.held.add(number);
      await new Promise((resolve) => setTimeout(resolve, number % 4));
      worker.held.delete(number);
      if (!workers.includes(worker)) return;
      worker.done.add(number);
      done.add(number);
    };
    workers.push(worker);
    worker.queue.handle('count', handler, { concurrency: 2 });
    worker.queue.start();
  };
  const kill = async (at: number) => {
    const [worker] = workers.splice(at % workers.length, 1);
    for (const number of worker?.done ?? []) mayRepeat.add(number);
    await worker?.kill();
  };
  // In steps that are short against a lease: those who are about to begin shall not lose theirs.
  const pass = async (steps: number) => {
    for (let step = 0; step < steps; step += 1) {
      await waitUntil('all handlers', () => workers.every(({ held }) => held.size === 0));
      await world.pass(10 * SECOND);
    }
  };
  await start();
  for (const { kind, at } of steps) {
    if (kind === 'start' && workers.length < 3) await start();
    else if (kind === 'kill' && workers.length > 0) await kill(at);
    else if (kind === 'pass') await pass(at);
    else if (kind === 'add' && workers[0] !== undefined) {
      await workers[0].queue.add({ name: 'count', payload: { number: added } });
      added += 1;
    }
  }
  if (workers.length === 0) await start();
  await waitUntil('all jobs to be done', async () => {
    await pass(1);
    const stats = await workers[0]?.queue.stats();
    return stats !== undefined && stats.waiting + stats.running === 0;
  });
  expect(faults).toEqual([]);
  expect(done.size).toBe(added);
}
