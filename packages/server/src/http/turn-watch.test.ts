import { createManualClock } from '@maque/kit';
import { expect, it } from 'vitest';
import { TurnWatch } from './turn-watch.ts';

/** A worker that handles what arrives in turns, on a clock of its own. */
function createWorker(maxTurnMs: number) {
  const clock = createManualClock();
  const watch = new TurnWatch(maxTurnMs, clock);
  const connections = Array.from({ length: 1_000 }, () => ({}));
  return {
    watch,
    /** One turn: `arrivals` requests that take `eachMs` when they are worked on. Answers how many were. */
    async turn(arrivals: number, eachMs: number, connectionCount = arrivals): Promise<number> {
      let served = 0;
      for (let arrival = 0; arrival < arrivals; arrival += 1) {
        if (!watch.hasTimeFor(clock.monotonic(), connections[arrival % connectionCount] ?? {})) continue;
        served += 1;
        clock.advance(eachMs);
      }
      await new Promise(setImmediate);
      return served;
    },
    rest: (ms: number) => clock.advance(ms),
  };
}

it('lets a full house through for as long as turns are short', async () => {
  const worker = createWorker(100);
  for (let turn = 0; turn < 200; turn += 1) expect(await worker.turn(900, 0.1)).toBe(900);
});

it('lets bursts and single blocks through', async () => {
  const worker = createWorker(100);
  for (let round = 0; round < 20; round += 1) {
    expect(await worker.turn(1, 3_000)).toBe(1);
    expect(await worker.turn(600, 0.2)).toBe(600);
    for (let turn = 0; turn < 20; turn += 1) expect(await worker.turn(10, 0.5)).toBe(10);
  }
});

it('sees through a flood on few connections, and then takes on what can be answered soon', async () => {
  const worker = createWorker(100);
  let turns = 0;
  while ((await worker.turn(400, 0.05, 50)) === 400) turns += 1;
  expect(turns * 20).toBeGreaterThanOrEqual(100);
  expect(turns * 20).toBeLessThan(400);
  // 100 ms ÷ 24 at 0.05 ms each.
  for (let turn = 0; turn < 100; turn += 1) expect(await worker.turn(400, 0.05, 50)).toBeCloseTo(84, -1);
});

it('serves the same number of clients who wait for their answers', async () => {
  const worker = createWorker(100);
  for (let turn = 0; turn < 100; turn += 1) expect(await worker.turn(400, 0.05)).toBe(400);
});

it('keeps slow routes working under overload, one at a time if it must be', async () => {
  const worker = createWorker(100);
  for (let turn = 0; turn < 10; turn += 1) await worker.turn(50, 20);
  for (let turn = 0; turn < 100; turn += 1) expect(await worker.turn(50, 20)).toBe(1);
});

it('is not fooled by small turns between the long ones', async () => {
  const worker = createWorker(100);
  for (let turn = 0; turn < 20; turn += 1) {
    await worker.turn(120, 1);
    await worker.turn(1, 0.1);
  }
  expect(worker.watch.isOverloaded).toBe(true);
});

it('goes back to normal when nothing had to be refused for a second', async () => {
  const worker = createWorker(100);
  for (let turn = 0; turn < 20; turn += 1) await worker.turn(60, 2);
  expect(worker.watch.isOverloaded).toBe(true);
  worker.rest(1_001);
  await worker.turn(1, 1);
  expect(worker.watch.isOverloaded).toBe(false);
  expect(await worker.turn(60, 2)).toBe(60);
});
