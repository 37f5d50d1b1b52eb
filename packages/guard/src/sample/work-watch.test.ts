import { createManualClock, systemClock } from '@maque/kit';
import { expect, it } from 'vitest';
import { createWorkWatch } from './work-watch.ts';

function watched() {
  const clock = createManualClock();
  let accountedMs = 100;
  return {
    clock,
    begin: createWorkWatch(clock, () => accountedMs),
    account: (ms: number) => {
      accountedMs += ms;
    },
  };
}

it('measures by the clock what the kernel has not looked at meanwhile', () => {
  const { clock, begin } = watched();
  const end = begin();
  clock.advance(3);
  expect(end()).toBe(3);
});

it('leaves out time in which others had the processor', () => {
  const { clock, begin, account } = watched();
  const end = begin();
  account(0.4);
  clock.advance(12);
  expect(end()).toBeCloseTo(0.4);
});

it('never counts more than has passed, whatever was accounted for late', () => {
  const { clock, begin, account } = watched();
  const end = begin();
  account(3.9);
  clock.advance(1.5);
  expect(end()).toBe(1.5);
});

it('takes what was too short to be interrupted as it is', () => {
  const { clock, begin, account } = watched();
  const end = begin();
  account(0.01);
  clock.advance(0.3);
  expect(end()).toBeCloseTo(0.3);
});

it('knows of real work about what it took', () => {
  const end = createWorkWatch(systemClock)();
  const untilMs = performance.now() + 30;
  while (performance.now() < untilMs);
  const workedMs = end();
  expect(workedMs).toBeGreaterThan(1);
  expect(workedMs).toBeLessThan(1_000);
});
