import { createManualClock } from '@maque/kit';
import { expect, it } from 'vitest';
import { TidyDuty } from './tidy-duty.ts';

it('collects once after the start and once after workers have ended, and not again and again', () => {
  const clock = createManualClock();
  let collections = 0;
  const duty = new TidyDuty(clock, () => {
    collections += 1;
  });
  duty.calm();
  duty.calm();
  expect(collections).toBe(1);
  clock.advance(30_000);
  duty.calm();
  expect(collections).toBe(1);
  for (let worker = 0; worker < 5; worker += 1) {
    duty.workerEnded();
    duty.calm();
    clock.advance(1_000);
  }
  expect(collections).toBe(2);
  clock.advance(30_000);
  duty.calm();
  duty.calm();
  expect(collections).toBe(3);
});
