import { DAY, KiB, MINUTE, SECOND } from '@maque/kit';
import { HopelessJobError, type Job, type JobQueue, PostponedJobError } from '@maque/server/ports';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../process/wait-until.ts';
import { type SurvivalStep, survive } from './job-queue-survival.ts';
import type { JobQueueUnderTest, QueueUnderTest } from './job-queue-under-test.ts';

/** What every adapter of the job queue's port keeps to. */
export function describeJobQueue(name: string, create: () => Promise<JobQueueUnderTest>): void {
  describe(`${name} as a JobQueue`, () => {
    let subject: JobQueueUnderTest;
    let first: QueueUnderTest;
    let queue: JobQueue;

    beforeEach(async () => {
      subject = await create();
      first = await subject.connect();
      queue = first.queue;
    });
    afterEach(() => subject.remove());

    const job = (number: number) => ({ name: 'count', payload: { number } });
    const numberOf = (one: Job) => one.payload.number as number;
    const isEmpty = async () => {
      const { waiting, running } = await queue.stats();
      return waiting + running === 0;
    };

    it('does a job once, with what it was given', async () => {
      const done: Job[] = [];
      queue.handle('mail', async (one) => void done.push(one));
      queue.start();
      expect(await queue.add({ name: 'mail', payload: { to: '李雷', parts: [1, null, { a: true }] } })).toBe(
        true,
      );
      await waitUntil('the job to be done', isEmpty);
      await subject.pass(DAY);
      expect(done).toEqual([
        {
          id: expect.stringMatching(/./),
          name: 'mail',
          payload: { to: '李雷', parts: [1, null, { a: true }] },
          attempt: 1,
          createdAtMs: expect.any(Number),
        },
      ]);
    });

    it('keeps jobs that were added before anybody works', async () => {
      await queue.add(job(1));
      await first.kill();
      const done: number[] = [];
      const next = await subject.connect();
      next.queue.handle('count', async (one) => void done.push(numberOf(one)));
      next.queue.start();
      await waitUntil('the job to be done', () => done.length === 1);
    });

    it('has a job exactly if the transaction is kept that added it', async () => {
      const done: number[] = [];
      queue.handle('count', async (one) => void done.push(numberOf(one)));
      queue.start();
      const failed = subject.database.transaction(async (tx) => {
        await queue.add(job(1), tx);
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      await subject.database.transaction(async (tx) => {
        await queue.add(job(2), tx);
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect(done).toEqual([]);
      });
      await waitUntil('the job to be done', () => done.length === 1);
      expect(done).toEqual([2]);
    });

    it('has one job of a key at a time, until it is done', async () => {
      const gate = Promise.withResolvers<void>();
      const begun: number[] = [];
      const other = (await subject.connect()).queue;
      const keyed = (number: number, key: string) => ({ ...job(number), key });
      expect(await queue.add(keyed(1, 'a'))).toBe(true);
      expect(await queue.add(keyed(2, 'a'))).toBe(false);
      expect(await other.add(keyed(3, 'a'))).toBe(false);
      expect(await other.add({ ...keyed(4, 'a'), name: 'another' })).toBe(true);
      expect(await subject.database.transaction((tx) => queue.add(keyed(5, 'a'), tx))).toBe(false);
      queue.handle('count', async (one) => {
        begun.push(numberOf(one));
        await gate.promise;
      });
      queue.start();
      await waitUntil('the job to run', () => begun.length === 1);
      expect(await queue.add(keyed(6, 'a'))).toBe(false);
      gate.resolve();
      await waitUntil('the key to be free', () => queue.add(keyed(7, 'a')));
      await waitUntil('the next one', () => begun.length === 2);
      expect(begun).toEqual([1, 7]);
    });

    it('never gives a job to two of many workers', async () => {
      const done = new Map<number, number>();
      const workers = [first, ...(await Promise.all([1, 2, 3].map(() => subject.connect())))];
      for (const worker of workers) {
        const count = async (one: Job) => {
          await new Promise((resolve) => setImmediate(resolve));
          done.set(numberOf(one), (done.get(numberOf(one)) ?? 0) + 1);
        };
        worker.queue.handle('count', count, { concurrency: 3 });
        worker.queue.start();
      }
      await Promise.all(
        Array.from({ length: 200 }, (_, number) => workers[number % workers.length]?.queue.add(job(number))),
      );
      await waitUntil('all jobs', () => isEmpty(), 20_000);
      expect([...done.values()].every((times) => times === 1)).toBe(true);
      expect(done.size).toBe(200);
    });

    it('runs no more of a name at once than its handler allows', async () => {
      let running = 0;
      let most = 0;
      let done = 0;
      const handler = async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        done += 1;
      };
      queue.handle('count', handler, { concurrency: 3 });
      for (let number = 0; number < 20; number += 1) await queue.add(job(number));
      queue.start();
      await waitUntil('all jobs', () => done === 20);
      expect(most).toBe(3);
    });

    it('waits for a delay', async () => {
      const done: number[] = [];
      queue.handle('count', async (one) => void done.push(numberOf(one)), { concurrency: 2 });
      queue.start();
      await queue.add({ ...job(1), delayMs: MINUTE });
      await queue.add(job(2));
      await waitUntil('the other job', () => done.length === 1);
      await subject.pass(MINUTE - SECOND);
      expect(done).toEqual([2]);
      await subject.pass(2 * SECOND);
      await waitUntil('the delayed job', () => done.length === 2);
    });

    it('tries again after its delay, and keeps what failed for good until it is revived', async () => {
      const attempts: number[] = [];
      let isWell = false;
      const handler = async ({ attempt }: Job) => {
        attempts.push(attempt);
        if (!isWell) throw new Error(`no luck at try ${attempt}`);
      };
      queue.handle('count', handler, { maxAttempts: 3, retryDelayMs: (attempt) => attempt * MINUTE });
      queue.start();
      await queue.add({ ...job(1), key: 'k' });
      await waitUntil('the first try', () => attempts.length === 1);
      await waitUntil('its failure to be kept', async () => (await queue.stats()).running === 0);
      await subject.pass(MINUTE - SECOND);
      expect(attempts).toEqual([1]);
      await subject.pass(2 * SECOND);
      await waitUntil('the second try', () => attempts.length === 2);
      await waitUntil('its failure to be kept', async () => (await queue.stats()).running === 0);
      await subject.pass(2 * MINUTE + SECOND);
      await waitUntil('the job to die', async () => (await queue.stats()).dead === 1);
      expect(attempts).toEqual([1, 2, 3]);

      const [dead] = await queue.dead(10);
      expect(dead).toMatchObject({ ...job(1), attempt: 3, reason: 'no luck at try 3' });
      expect(dead?.diedAtMs).toBeGreaterThanOrEqual(dead?.createdAtMs ?? Number.NaN);
      expect(await queue.revive('nobody')).toBe(false);
      isWell = true;
      expect(await queue.revive(dead?.id ?? '')).toBe(true);
      expect(await queue.revive(dead?.id ?? '')).toBe(false);
      await waitUntil('the revived job', isEmpty);
      expect(attempts).toEqual([1, 2, 3, 1]);
      expect((await queue.stats()).dead).toBe(0);
    });

    it('does not revive a job whose key another one has taken', async () => {
      queue.handle('count', async () => {
        throw new HopelessJobError('never');
      });
      queue.start();
      await queue.add({ ...job(1), key: 'k' });
      await waitUntil('the job to die', async () => (await queue.stats()).dead === 1);
      await queue.add({ ...job(2), key: 'k', delayMs: DAY });
      const [dead] = await queue.dead(1);
      await expect(queue.revive(dead?.id ?? '')).rejects.toMatchObject({ code: 'JOB_KEY_TAKEN' });
      expect(await queue.dead(1)).toEqual([dead]);
    });

    it('buries what is hopeless at once, and does not count what is put off', async () => {
      const attempts: number[] = [];
      queue.handle(
        'count',
        async ({ attempt }) => {
          attempts.push(attempt);
          if (attempts.length <= 3) throw new PostponedJobError('not today', MINUTE);
          throw new HopelessJobError('it will never work');
        },
        { maxAttempts: 2 },
      );
      queue.start();
      await queue.add(job(1));
      await waitUntil('the end', async () => {
        await subject.pass(MINUTE);
        return (await queue.stats()).dead === 1;
      });
      expect(attempts).toEqual([1, 1, 1, 1]);
      expect(await queue.dead(1)).toMatchObject([{ reason: 'it will never work' }]);
      for (const limit of [0, 101, 1.5]) await expect(queue.dead(limit)).rejects.toBeInstanceOf(RangeError);
    });

    it('tells a handler when its time is over, and takes its failure for one', async () => {
      const reasons: unknown[] = [];
      const handler = (_: Job, signal: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            reject(signal.reason);
          });
        });
      queue.handle('count', handler, { timeoutMs: 20, maxAttempts: 1 });
      queue.start();
      await queue.add(job(1));
      await waitUntil('the job to die', async () => (await queue.stats()).dead === 1);
      expect(reasons).toHaveLength(1);
    });

    it('does the job of a worker that died, and not before its lease is over', async () => {
      const begun: string[] = [];
      const options = { timeoutMs: MINUTE };
      queue.handle('count', () => new Promise(() => begun.push('first')), options);
      queue.start();
      await queue.add(job(1));
      await waitUntil('the job to run', () => begun.length === 1);
      const second = await subject.connect();
      const attempts: number[] = [];
      second.queue.handle('count', async ({ attempt }) => void attempts.push(attempt), options);
      second.queue.start();
      await first.kill();
      await subject.pass(MINUTE);
      expect(attempts).toEqual([]);
      await subject.pass(10 * SECOND);
      await waitUntil('the job to be taken over', () => attempts.length === 1);
      expect(attempts).toEqual([2]);
    });

    it('buries a job that has killed its workers as often as it may fail', async () => {
      let worker = first;
      for (let death = 1; death <= 2; death += 1) {
        const begun = Promise.withResolvers<void>();
        const handler = () => new Promise<void>(() => begun.resolve());
        worker.queue.handle('count', handler, { maxAttempts: 2 });
        worker.queue.start();
        if (death === 1) await worker.queue.add(job(1));
        await begun.promise;
        await worker.kill();
        worker = await subject.connect();
        await subject.pass(2 * MINUTE);
      }
      let runs = 0;
      const handler = async () => {
        runs += 1;
      };
      worker.queue.handle('count', handler, { maxAttempts: 2 });
      worker.queue.start();
      await waitUntil('the job to die', async () => (await worker.queue.stats()).dead === 1);
      expect(runs).toBe(0);
    });

    it('lets what runs come to its end when it stops, and takes no more', async () => {
      const gate = Promise.withResolvers<void>();
      const done: number[] = [];
      queue.handle('count', async (one) => {
        await gate.promise;
        done.push(numberOf(one));
      });
      queue.start();
      await queue.add(job(1));
      await queue.add(job(2));
      await waitUntil('a job to run', async () => (await queue.stats()).running === 1);
      const stopped = queue.stop(10 * SECOND);
      gate.resolve();
      await stopped;
      expect(done).toEqual([1]);
      expect(await queue.stats()).toMatchObject({ waiting: 1, running: 0 });
      expect(await queue.add(job(3))).toBe(true);
    });

    it('gives back what is not done when it must stop, and does not count the try', async () => {
      const begun = Promise.withResolvers<void>();
      queue.handle('count', (_, signal) => {
        begun.resolve();
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      });
      const second = await subject.connect();
      queue.start();
      await queue.add(job(1));
      await begun.promise;
      const attempts: number[] = [];
      second.queue.handle('count', async ({ attempt }) => void attempts.push(attempt));
      second.queue.start();
      await queue.stop(0);
      await waitUntil('the other worker', () => attempts.length === 1);
      expect(attempts).toEqual([1]);
    });

    it('does recurring work once for all workers, at its interval, whatever becomes of a turn', async () => {
      const turns: number[] = [];
      let seconds = 0;
      const second = await subject.connect();
      for (const one of [queue, second.queue]) {
        one.every('tidy', MINUTE, async () => {
          turns.push(seconds);
          throw new Error('no luck');
        });
        one.start();
      }
      await waitUntil('the first turn', () => turns.length === 1);
      for (const wanted of [2, 3]) {
        await subject.pass(30 * SECOND);
        expect(turns).toHaveLength(wanted - 1);
        seconds += 60;
        await subject.pass(31 * SECOND);
        await waitUntil('the next turn', () => turns.length === wanted);
      }
      expect(turns).toEqual([0, 60, 120]);
    });

    it('counts what waits, what runs and what is dead', async () => {
      expect(await queue.stats()).toEqual({ waiting: 0, running: 0, dead: 0, oldestDueMs: 0 });
      await queue.add(job(1));
      await queue.add({ ...job(2), delayMs: DAY });
      await subject.pass(MINUTE);
      const stats = await queue.stats();
      expect(stats).toMatchObject({ waiting: 2, running: 0, dead: 0 });
      expect(stats.oldestDueMs).toBeGreaterThanOrEqual(MINUTE);
    });

    it('refuses what it cannot keep', async () => {
      const add = (text: string, more = {}) => queue.add({ name: 'count', payload: { text }, ...more });
      expect(await add('x'.repeat(64 * KiB - 20))).toBe(true);
      await expect(add('x'.repeat(64 * KiB))).rejects.toBeInstanceOf(RangeError);
      await expect(add('', { name: 'no spaces' })).rejects.toBeInstanceOf(RangeError);
      await expect(add('', { key: 'k'.repeat(201) })).rejects.toBeInstanceOf(RangeError);
      queue.handle('count', async () => {});
      expect(() => queue.handle('count', async () => {})).toThrow('handler');
      queue.every('tidy', MINUTE, async () => {});
      expect(() => queue.every('tidy', MINUTE, async () => {})).toThrow('tidy');
    });

    it('does every job whoever is killed, and none at two places at once', async () => {
      const step = fc.record({
        kind: fc.constantFrom<SurvivalStep['kind'][]>('add', 'add', 'add', 'kill', 'start', 'pass'),
        at: fc.nat({ max: 5 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
          const world = await create();
          try {
            await survive(world, steps);
          } finally {
            await world.remove();
          }
        }),
        { numRuns: 15 },
      );
    });
  });
}
