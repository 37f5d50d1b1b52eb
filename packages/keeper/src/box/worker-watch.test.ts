import { readdirSync } from 'node:fs';
import { KiB, MiB } from '@maque/kit';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { expect, it } from 'vitest';
import { procOf, statm } from '../../testing/proc-texts.ts';
import { createProcFiles } from './proc-files.ts';
import { WorkerWatch } from './worker-watch.ts';

const openDescriptors = () => readdirSync('/proc/self/fd').length;

const watched = (pid: number) => ({
  id: 'w1',
  pid,
  phase: 'ready' as const,
  budgetBytes: 100 * MiB,
  status: null,
});

it('keeps nothing open of workers that are gone', async () => {
  const files = createProcFiles();
  const watch = new WorkerWatch(files, 4 * KiB);
  for (let round = 1; round <= 3; round += 1) {
    await using worker = await spawnProcess(process.execPath, ['-e', 'setInterval(() => {}, 1_000)']);
    const openBefore = openDescriptors();
    const { views, anonymousBytes } = watch.see([watched(worker.pid)], round * 1_000, false);
    expect(views).toMatchObject([{ id: 'w1', pid: worker.pid, growth: { rateNow: 0 } }]);
    expect(anonymousBytes).toBeGreaterThan(0);
    watch.see([], round * 1_000 + 500, false);
    expect(openDescriptors()).toBe(openBefore);
  }
  files.close();
});

it('counts what is swapped out as the worker’s, where anything is', () => {
  const files = procOf({
    '/proc/9/statm': statm(30, 0),
    '/proc/9/status': 'Name:\tnode\nVmSwap:\t   51200 kB\n',
  });
  const see = (swapped: boolean) =>
    new WorkerWatch(files, 4 * KiB).see([watched(9)], 1_000, swapped).anonymousBytes;
  expect(see(false)).toBe(30 * MiB);
  expect(see(true)).toBe(80 * MiB);
});

it('takes a successor under the same name for another worker', () => {
  const files = procOf({ '/proc/9/statm': statm(90, 0), '/proc/10/statm': statm(20, 0) });
  const watch = new WorkerWatch(files, 4 * KiB);
  watch.see([watched(9)], 1_000, false);
  expect(watch.hasGrown([watched(9)], 4 * MiB)).toBe(false);
  const { views } = watch.see([watched(10)], 2_000, false);
  expect(views).toMatchObject([{ pid: 10, growth: { bytes: 20 * MiB, rateNow: 0 } }]);
  files.texts.set('/proc/10/statm', statm(24, 0));
  expect(watch.hasGrown([watched(10)], 4 * MiB)).toBe(true);
});
