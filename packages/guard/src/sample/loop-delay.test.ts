import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { LoopDelay, type LoopReading } from './loop-delay.ts';

let stopWork = () => {};
afterEach(() => stopWork());

/** Blocks the loop for `blockMs` at a time, with next to no pause between. */
function work(blockMs: number): void {
  let working = true;
  stopWork = () => {
    working = false;
  };
  const turn = () => {
    const endMs = performance.now() + blockMs;
    while (performance.now() < endMs);
    if (working) setImmediate(turn);
  };
  turn();
}

async function readUntil(loop: LoopDelay, fits: (reading: LoopReading) => boolean): Promise<LoopReading> {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    await sleep(300);
    const reading = loop.read(null);
    if (fits(reading)) return reading;
    if (performance.now() > deadlineMs) throw new Error(`last reading: ${JSON.stringify(reading)}`);
  }
}

describe('LoopDelay', () => {
  it('sees a loop that is always late', async () => {
    const loop = new LoopDelay();
    work(100);
    const reading = await readUntil(loop, ({ delayP50Ms }) => delayP50Ms !== null);
    loop.stop();
    expect(reading.utilization).toBeGreaterThan(0.9);
    expect(reading.delayP50Ms).toBeGreaterThan(25);
    expect(reading.delayP99Ms).toBeGreaterThanOrEqual(reading.delayP50Ms ?? Number.NaN);
  });

  it('sees no delay in a loop that is busy with short work', async () => {
    const loop = new LoopDelay();
    work(2);
    // What else the machine does is a delay indeed; one reading without it is enough.
    const seesNone = ({ delayP50Ms }: LoopReading) => delayP50Ms !== null && delayP50Ms < 25;
    const { utilization } = await readUntil(loop, seesNone);
    loop.stop();
    expect(utilization).toBeGreaterThan(0.5);
  });

  it('tells what its ticks take, and nothing while it needs none', async () => {
    const costs: number[] = [];
    const loop = new LoopDelay((ms) => costs.push(ms));
    await readUntil(loop, ({ utilization }) => utilization !== null && utilization < 0.2);
    expect(costs).toEqual([]);
    work(2);
    const startedAtMs = performance.now();
    await readUntil(loop, () => costs.length >= 3);
    const elapsedMs = performance.now() - startedAtMs;
    loop.stop();
    const costMs = costs.reduce((sum, ms) => sum + ms, 0);
    // Twenty ticks a second at 4 µs, from the second reading on.
    expect(costMs / elapsedMs).toBeGreaterThan(0.00004);
    expect(costMs / elapsedMs).toBeLessThan(0.00009);
  });

  it('knows of a calm loop only how late the reader’s timer came', async () => {
    const loop = new LoopDelay();
    await readUntil(loop, ({ utilization }) => utilization !== null && utilization < 0.2);
    expect(loop.read(12)).toMatchObject({ delayP50Ms: null, delayP99Ms: 12 });
    expect(loop.read(null)).toMatchObject({ delayP50Ms: null, delayP99Ms: null });
    loop.stop();
  });

  it('bounds the delay of a calm loop by what it worked', async () => {
    const loop = new LoopDelay();
    await readUntil(loop, ({ utilization }) => utilization !== null && utilization < 0.2);
    const endMs = performance.now() + 40;
    while (performance.now() < endMs);
    const { delayMaxMs } = await readUntil(loop, () => true);
    loop.stop();
    expect(delayMaxMs).toBeGreaterThan(35);
  });
});
