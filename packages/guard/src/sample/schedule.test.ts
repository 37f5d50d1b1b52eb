import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createRepeatedSchedule } from './schedule.ts';

/** Waits until there have been so many calls; the test's own timeout ends it otherwise. */
async function until(calls: readonly number[], count: number): Promise<void> {
  while (calls.length < count) await sleep(5);
}

it('calls again and again, with the same delay and with another', async () => {
  const schedule = createRepeatedSchedule();
  const calls: number[] = [];
  const delays = [20, 20, 20, 60, 20];
  const startedAtMs = performance.now();
  const call = () => {
    calls.push(performance.now());
    const next = delays[calls.length];
    if (next !== undefined) schedule(call, next);
  };
  schedule(call, 20);
  await until(calls, 5);
  const [first = 0, second = 0, third = 0, fourth = 0] = calls;
  // Timers of Node may come a millisecond early.
  expect(first - startedAtMs).toBeGreaterThanOrEqual(18);
  expect(second - first).toBeGreaterThanOrEqual(18);
  expect(fourth - third).toBeGreaterThanOrEqual(58);
});

it('calls once however often it is planned anew, and not when cancelled', async () => {
  const schedule = createRepeatedSchedule();
  const calls: number[] = [];
  const others: number[] = [];
  const call = () => calls.push(performance.now());
  schedule(call, 10);
  const cancelled = schedule(call, 10);
  cancelled();
  schedule(() => others.push(performance.now()), 30);
  await until(others, 1);
  expect(calls).toHaveLength(0);
  schedule(call, 20);
  schedule(call, 20);
  schedule(call, 20);
  await until(calls, 1);
  await sleep(40);
  expect(calls).toHaveLength(1);
});

it('does not keep the process alive', () => {
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const cancel = createRepeatedSchedule()(() => {}, 60_000);
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(before);
  cancel();
});
