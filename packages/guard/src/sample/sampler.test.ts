import { createManualClock, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { MemorySample } from './memory-sample.ts';
import { SampleTaker } from './sample-taker.ts';
import { Sampler } from './sampler.ts';

/** A sampler whose time is turned by hand. */
function startSampler() {
  const clock = createManualClock();
  const load = { utilization: 0, underPressure: false, broken: false };
  const samples: MemorySample[] = [];
  let planned = 0;
  let pending: { readonly callback: () => void; readonly atMs: number } | null = null;
  const taker = new SampleTaker(
    {
      memory: () => ({ heapUsed: 1, heapTotal: 1, external: 1, arrayBuffers: 1, rss: 1, anonymous: 1 }),
      gc: () => ({ majors: 0, minors: 0, totalMs: 0, floor: null, floorAtMs: null }),
      loop: (timerLateMs) => ({
        utilization: load.utilization,
        delayP50Ms: null,
        delayP99Ms: timerLateMs,
        delayMaxMs: null,
      }),
      box: () => ({ kind: 'machine', limit: 1, used: 1, stall: null }),
      handles: () => 0,
    },
    clock,
    MiB,
  );
  const sampler = new Sampler({
    clock,
    bounds: { minMs: 500, maxMs: 10_000 },
    schedule(callback, delayMs) {
      planned += 1;
      const timer = { callback, atMs: clock.monotonic() + delayMs };
      pending = timer;
      return () => {
        if (pending === timer) pending = null;
      };
    },
    take: (timerLateMs) => taker.take(timerLateMs),
    use(sample) {
      if (load.broken) throw new Error('a fault of the guard');
      samples.push(sample);
      return { underPressure: load.underPressure };
    },
    beginWork: () => () => 0,
    onCost: () => {},
  });
  function advance(ms: number, timerLateMs = 0) {
    const endMs = clock.monotonic() + ms;
    while (pending !== null && pending.atMs <= endMs) {
      const { callback, atMs } = pending;
      clock.advance(Math.max(0, atMs - clock.monotonic()) + timerLateMs);
      pending = null;
      callback();
    }
    clock.advance(Math.max(0, endMs - clock.monotonic()));
  }
  return { sampler, samples, load, advance, plans: () => planned };
}

describe('Sampler', () => {
  it('takes two samples a second while the process works, and one in ten seconds at night', () => {
    const { sampler, samples, load, advance } = startSampler();
    load.utilization = 0.5;
    sampler.sample();
    advance(10_000);
    expect(samples).toHaveLength(21);
    load.utilization = 0;
    advance(60_000);
    samples.length = 0;
    advance(100_000);
    expect(samples).toHaveLength(10);
    expect(sampler.intervalMs).toBe(10_000);
  });

  it('looks closely while there is pressure, however idle the loop', () => {
    const { sampler, samples, load, advance } = startSampler();
    load.underPressure = true;
    sampler.sample();
    advance(5_000);
    expect(samples).toHaveLength(11);
  });

  it('wakes from its sleep, and is not hurried while it is awake', () => {
    const { sampler, samples, load, advance } = startSampler();
    sampler.sample();
    advance(100_000);
    samples.length = 0;
    sampler.wake();
    sampler.wake();
    load.utilization = 1;
    advance(500);
    expect(samples).toHaveLength(1);
    for (let call = 0; call < 100; call += 1) {
      sampler.wake();
      advance(10);
    }
    expect(samples).toHaveLength(3);
  });

  it('looks once a second while it is called and not loaded, and plans each sample once', () => {
    const { sampler, samples, load, advance, plans } = startSampler();
    load.utilization = 0.01;
    sampler.sample();
    samples.length = 0;
    for (let tenth = 0; tenth < 200; tenth += 1) {
      sampler.wake();
      advance(100);
    }
    expect(samples.length).toBeGreaterThanOrEqual(20);
    expect(samples.length).toBeLessThanOrEqual(21);
    expect(plans()).toBe(samples.length + 1);
  });

  it('falls asleep again once nobody calls', () => {
    const { sampler, samples, load, advance } = startSampler();
    load.utilization = 0.01;
    sampler.sample();
    for (let tenth = 0; tenth < 100; tenth += 1) {
      sampler.wake();
      advance(100);
    }
    advance(60_000);
    samples.length = 0;
    advance(60_000);
    expect(samples).toHaveLength(6);
  });

  it('tells how late its timer came, and nothing of that when asked out of turn', () => {
    const { sampler, samples, advance } = startSampler();
    expect(sampler.sample().loopDelayP99Ms).toBeNull();
    advance(2_000, 42);
    expect(samples.at(-1)?.loopDelayP99Ms).toBe(42);
  });

  it('plans one next sample when one is taken out of turn, and none when stopped', () => {
    const { sampler, samples, load, advance } = startSampler();
    load.utilization = 1;
    for (let call = 0; call < 10; call += 1) sampler.sample();
    samples.length = 0;
    advance(1_000);
    expect(samples).toHaveLength(2);
    sampler.stop();
    sampler.wake();
    advance(10_000);
    expect(samples).toHaveLength(2);
  });

  it('goes on after a fault in what becomes of a sample', () => {
    const { sampler, samples, load, advance } = startSampler();
    sampler.sample();
    load.broken = true;
    expect(() => advance(30_000)).toThrow('a fault of the guard');
    const before = samples.length;
    load.broken = false;
    advance(30_000);
    expect(samples.length).toBeGreaterThan(before);
  });
});
