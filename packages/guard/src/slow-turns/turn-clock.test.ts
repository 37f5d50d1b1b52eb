import { channel } from 'node:diagnostics_channel';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@maque/kit';
import { expect, it, onTestFinished } from 'vitest';
import { TurnClock } from './turn-clock.ts';

const BEGIN = 'http.server.request.start';
const ANSWERED = 'http.server.response.finish';

function work(ms: number): void {
  for (const endMs = performance.now() + ms; performance.now() < endMs; );
}

it('notes turns that are slow, with the longest piece of work between two edges of requests, and stops at its bound', async () => {
  const told: number[] = [];
  const clock = new TurnClock(2, systemClock, (turns) => told.push(turns));
  onTestFinished(() => void clock.stop());
  for (let turn = 0; turn < 3; turn += 1) {
    work(60);
    channel(BEGIN).publish({});
    work(100);
    channel(ANSWERED).publish({});
    work(20);
    await wait(60);
  }
  const turns = clock.stop();
  expect(told).toEqual([1, 2]);
  expect(turns).toHaveLength(2);
  for (const { fromMs, toMs, work } of turns) {
    expect(toMs - fromMs).toBeGreaterThanOrEqual(140);
    expect(work.toMs - work.fromMs).toBeGreaterThanOrEqual(100);
    expect(work.toMs - work.fromMs).toBeLessThan(toMs - fromMs);
  }
  expect(channel(BEGIN).hasSubscribers).toBe(false);
});
