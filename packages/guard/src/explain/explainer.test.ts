import { EventEmitter } from 'node:events';
import { systemClock } from '@maque/kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Collector } from '../collect-garbage.ts';
import type { PoolVerdict } from '../detect/verdict.ts';
import type { Confirmation } from '../leak-watch/confirmation.ts';
import { OwnHeap } from '../own-heap.ts';
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
const own = new OwnHeap(systemClock);

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
    own,
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
  expect(own.bytes).toBe(0);
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
  expect(own.bytes).toBeGreaterThan(0);
  await vi.waitFor(() => expect(EventEmitter.prototype.on).toBe(untouched), 20_000);
  expect(own.bytes).toBe(0);
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

it('watches for a part of the time only that memory will last', async () => {
  const { explainer, reports } = start();
  explainer.suspicion('leaking', { ...growing, timeToLimitMs: 12_000 });
  await vi.waitFor(() => expect(reports).toHaveLength(1), 10_000);
  const short = reports[0]?.cost.watchedMs ?? 0;
  explainer.stop();
  const patient = start();
  patient.explainer.suspicion('leaking', growing);
  await vi.waitFor(() => expect(patient.reports).toHaveLength(1), 10_000);
  // A hundred times as fast as told: 60 ms beside 450, and what else it takes.
  expect((patient.reports[0]?.cost.watchedMs ?? 0) - short).toBeGreaterThan(200);
});

it('leaves the heap profiler to another tool that uses it', async () => {
  const other = new HeapProfiler();
  expect(other.start(65_536)).toBe(true);
  const report = await start().explainer.explain();
  expect(report.refused).toContainEqual({ code: 'profiler-taken' });
  expect(other.read()()).toBeDefined();
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

describe('a process that serves nobody any more', () => {
  const confirmed: Confirmation = {
    uptimeMs: 60_000,
    requests: 10,
    live: { heap: 40_000_000, external: 1_000, native: null },
    limits: { heap: 250_000_000, external: null, native: null },
    pauseMs: 30,
    since: null,
  };
  /** At the pace of the clock on the wall, so that a report which comes soon was not waited for. */
  const inRealTime = { schedule: fasterBy(1) };

  it('is told at once what was watched until then, and nobody is told twice', async () => {
    const { explainer, reports } = start(inRealTime);
    explainer.suspicion('leaking', growing);
    await vi.waitFor(() => expect(EventEmitter.prototype.on).not.toBe(untouched), 10_000);
    const since = performance.now();
    const report = await explainer.explainNow(confirmed);
    expect(performance.now() - since).toBeLessThan(5_000);
    expect(report).toMatchObject({ verdict: growing, confirmed });
    expect(report.cost.watchedMs).toBeLessThan(10_000);
    expect(EventEmitter.prototype.on).toBe(untouched);
    expect(reports).toEqual([]);
  });

  it('is told honestly when nothing was watched', async () => {
    const { explainer } = start({ ...inRealTime, verdicts: () => [] });
    const report = await explainer.explainNow(null);
    expect(report).toMatchObject({ verdict: null, confirmed: null, routes: [], sites: [] });
    expect(report.refused).toEqual([{ code: 'not-watched' }]);
  });

  it('is told again what the last report named, with the time', async () => {
    const { explainer, reports } = start();
    const kept: object[] = [];
    const leak = setInterval(() => kept.push(new Array(2_000).fill(kept.length)), 1);
    explainer.suspicion('suspected', growing);
    await vi.waitFor(() => expect(reports).toHaveLength(1), 10_000);
    clearInterval(leak);
    const [first] = reports;
    expect(first?.sites[0]?.confidence).toBeGreaterThan(0);
    const report = await explainer.explainNow(confirmed);
    expect(report.sites).toEqual(first?.sites);
    expect(report.refused).toContainEqual({ code: 'watched-earlier', until: first?.at });
    expect(report.confirmed).toEqual(confirmed);
  });

  it('has its profile read whose reading would have stopped the others', async () => {
    const sample = { heapUsed: 900_000_000, heapFloor: 800_000_000, heapFloorAtMs: 1, uptimeMs: 60_000 };
    const { explainer, reports } = start({ memory: () => sample as MemorySample });
    explainer.suspicion('leaking', growing);
    await vi.waitFor(() => expect(reports).toHaveLength(1), 10_000);
    expect(reports[0]?.refused.map(({ code }) => code)).toContain('pause-too-long');
    const report = await explainer.explainNow(null);
    expect(report.refused.map(({ code }) => code)).not.toContain('pause-too-long');
    expect(report.cost.survivingSamples).toBeGreaterThan(0);
    expect(EventEmitter.prototype.on).toBe(untouched);
  });
});
