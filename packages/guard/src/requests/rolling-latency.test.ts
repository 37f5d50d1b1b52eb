import { createManualClock } from '@maque/kit';
import { expect, it } from 'vitest';
import { RollingLatency } from './rolling-latency.ts';

it('tells rate and percentiles of the last ten seconds and forgets what is older', () => {
  const clock = createManualClock();
  const latency = new RollingLatency(clock);
  for (let second = 0; second < 30; second += 1) {
    for (let request = 0; request < 100; request += 1) latency.add(second < 15 ? 500 : 2);
    clock.advance(1000);
    latency.turn();
  }
  const recent = latency.read();
  expect(recent.perSecond).toBeCloseTo(100, -1);
  expect(recent.p50Ms).toBeCloseTo(2, 0);
  expect(recent.p99Ms).toBeCloseTo(2, 0);
});

it('shows an overload in the first second of it', () => {
  const clock = createManualClock();
  const latency = new RollingLatency(clock);
  latency.add(1);
  clock.advance(1000);
  expect(latency.read().p99Ms).toBeCloseTo(1, 0);
  for (let request = 0; request < 50; request += 1) latency.add(800);
  clock.advance(200);
  expect(latency.read().p99Ms).toBeGreaterThan(700);
});

it('tells the percentiles apart', () => {
  const latency = new RollingLatency(createManualClock());
  for (let request = 1; request <= 1000; request += 1) latency.add(request);
  const { p50Ms, p95Ms, p99Ms } = latency.read();
  for (const [told, exact] of [
    [p50Ms, 500],
    [p95Ms, 950],
    [p99Ms, 990],
  ] as const) {
    expect(Math.abs((told ?? 0) / exact - 1)).toBeLessThan(0.0625);
  }
});

it('is empty again after ten quiet seconds', () => {
  const clock = createManualClock();
  const latency = new RollingLatency(clock);
  latency.add(5);
  clock.advance(2_000);
  latency.turn();
  clock.advance(10_000);
  expect(latency.read()).toEqual({ perSecond: 0, p50Ms: null, p95Ms: null, p99Ms: null });
});

it('covers the whole time when nobody read for long, instead of inventing a rate', () => {
  const clock = createManualClock();
  const latency = new RollingLatency(clock);
  for (let request = 0; request < 600; request += 1) latency.add(5);
  clock.advance(60_000);
  expect(latency.read().perSecond).toBeCloseTo(10, 5);
});

it('keeps its memory when it is read a thousand times a second', () => {
  const clock = createManualClock();
  const latency = new RollingLatency(clock);
  const before = latency.byteLength;
  for (let reading = 0; reading < 20_000; reading += 1) {
    latency.add(1);
    clock.advance(1);
    latency.read();
  }
  expect(latency.byteLength).toBe(before);
  expect(latency.read().perSecond).toBeCloseTo(1000, -2);
});
