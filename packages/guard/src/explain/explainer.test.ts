import { EventEmitter } from 'node:events';
import { systemClock } from '@maque/kit';
import { afterEach, expect, it, vi } from 'vitest';
import { Collector } from '../collect-garbage.ts';
import type { PoolVerdict } from '../detect/verdict.ts';
import type { MemorySample } from '../sample/memory-sample.ts';
import type { Schedule } from '../sample/schedule.ts';
import { Explainer, type ExplainerOptions } from './explainer.ts';
import { HeapProfiler } from './heap-profiler.ts';
import type { LeakReport } from './leak-report.ts';

// A hundred times as fast as told: 45 seconds of watching are half a second.
const hurried = fasterBy(100);
const untouched = EventEmitter.prototype.on;

const growing: PoolVerdict = {
  pool: 'heap',
  verdict: 'growing',
  probability: 0.7,
  leakProbability: 0.6,
  growthProbability: 0.9,
  bytesPerSecond: 100_000,
  bytesPerSecondInterval: [90_000, 110_000],
  level: 50_000_000,
  limit: 250_000_000,
  timeToLimitMs: 2_000_000,
};

const collector = new Collector();

function fasterBy(times: number): Schedule {
  return (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs / times);
    return () => clearTimeout(timer);
  };
}

let explainer: Explainer | null = null;
afterEach(() => explainer?.stop());

function start(changes: Partial<ExplainerOptions> = {}): { explainer: Explainer; reports: LeakReport[] } {
  const reports: LeakReport[] = [];
  const sample = { heapUsed: 20_000_000, heapFloor: 15_000_000, heapFloorAtMs: null, uptimeMs: 60_000 };
  explainer = new Explainer({
    clock: systemClock,
    schedule: hurried,
    memory: () => sample as MemorySample,
    verdicts: () => [growing],
    declaredRoutes: () => [],
    collect: () => collector.major(),
    onReport: (report) => void reports.push(report),
    onCost: () => {},
    ...changes,
  });
  return { explainer, reports };
}

it('reports a suspicion once, its confirmation once more, and leaves nothing running', async () => {
  const { explainer, reports } = start();
  explainer.suspicion('suspected', growing);
  explainer.suspicion('suspected', growing);
  await vi.waitFor(() => expect(reports).toHaveLength(1), 10_000);
  explainer.suspicion('suspected', growing);
  explainer.suspicion('leaking', { ...growing, verdict: 'leaking' });
  await vi.waitFor(() => expect(reports).toHaveLength(2), 10_000);
  explainer.suspicion('recovered', growing);
  // Soon after, it may well be the same false alarm.
  explainer.suspicion('suspected', growing);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(reports).toHaveLength(2);
  expect(reports[0]?.verdict).toEqual(growing);
  expect(reports[0]?.refused).toContainEqual({ code: 'no-traffic' });
  expect(EventEmitter.prototype.on).toBe(untouched);
});

it('has watched already when a forecast was bad before the suspicion came', async () => {
  const { explainer, reports } = start();
  explainer.prepare(growing);
  explainer.prepare(growing);
  await vi.waitFor(() => expect(EventEmitter.prototype.on).not.toBe(untouched), 10_000);
  // Longer than it takes to make and to notice a report: only watching that began before can make up for it.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const since = performance.now();
  explainer.suspicion('leaking', growing);
  await vi.waitFor(() => expect(reports).toHaveLength(1), 10_000);
  expect(reports[0]?.cost.watchedMs).toBeGreaterThanOrEqual(Math.round(performance.now() - since));
  expect(EventEmitter.prototype.on).toBe(untouched);
});

it('ends in time what it has begun in vain', async () => {
  const { explainer, reports } = start();
  explainer.prepare(growing);
  await vi.waitFor(() => expect(EventEmitter.prototype.on).not.toBe(untouched), 10_000);
  await vi.waitFor(() => expect(EventEmitter.prototype.on).toBe(untouched), 20_000);
  expect(reports).toEqual([]);
});

it('does not read a profile that would stop the process for too long, and says so', async () => {
  const sample = { heapUsed: 900_000_000, heapFloor: 800_000_000, heapFloorAtMs: 1, uptimeMs: 60_000 };
  // So fast that V8 does not happen to collect by itself meanwhile, which would cost nothing.
  const { explainer } = start({ memory: () => sample as MemorySample, schedule: fasterBy(10_000) });
  const report = await explainer.explain();
  expect(report.cost.pauseMs).toBe(0);
  expect(report.sites).toEqual([]);
  expect(report.refused).toContainEqual({
    code: 'pause-too-long',
    predictedMs: expect.any(Number),
    allowedMs: 150,
  });
});

it('leaves the heap profiler to another tool that uses it', async () => {
  const other = new HeapProfiler(systemClock);
  expect(other.start(65_536)).toBe(true);
  const report = await start().explainer.explain();
  expect(report.refused).toContainEqual({ code: 'profiler-taken' });
  expect(other.read().samples).toBeDefined();
  other.stop();
});

it('ends what it has begun when it is stopped', async () => {
  const { explainer, reports } = start();
  explainer.suspicion('leaking', growing);
  const asked = explainer.explain();
  setTimeout(() => explainer.stop(), 100);
  await expect(asked).rejects.toThrow(/stopped/);
  await expect(explainer.explain()).rejects.toThrow(/stopped/);
  expect(reports).toEqual([]);
  expect(EventEmitter.prototype.on).toBe(untouched);
});

it('refuses options out of bounds', async () => {
  const { explainer } = start();
  await expect(explainer.explain({ watchMs: 10 })).rejects.toThrow(
    'watchMs must be from 5000 to 180000, not 10',
  );
  await expect(explainer.explain({ maxPauseMs: Number.NaN })).rejects.toThrow(/maxPauseMs/);
});
