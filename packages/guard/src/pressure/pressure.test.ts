import { GiB, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { MemorySample } from '../sample/memory-sample.ts';
import { DEFAULT_PRESSURE_LIMITS, judgePressure } from './pressure.ts';

const CALM: MemorySample = {
  atMs: 0,
  uptimeMs: 60_000,
  heapUsed: 250 * MiB,
  heapTotal: 256 * MiB,
  heapFloor: 100 * MiB,
  heapFloorAtMs: 59_000,
  heapLimit: 256 * MiB,
  external: 5 * MiB,
  arrayBuffers: MiB,
  native: 10 * MiB,
  anonymous: 290 * MiB,
  rss: 330 * MiB,
  gcMajors: 20,
  gcMinors: 200,
  gcMs: 1000,
  gcShare: 0.03,
  loopUtilization: 0.99,
  loopDelayP50Ms: 5,
  loopDelayP99Ms: 3_000,
  handles: 100,
  boxKind: 'machine',
  boxLimit: 2 * GiB,
  boxUsed: 1.5 * GiB,
  memoryStall: 0,
};

const judge = (change: Partial<MemorySample>) =>
  judgePressure({ ...CALM, ...change }, DEFAULT_PRESSURE_LIMITS);

describe('judgePressure', () => {
  it('is none in a busy process whose heap is full of garbage and that was blocked once', () => {
    expect(judge({})).toEqual({ level: 'none', reasons: [] });
  });

  it.each([
    ['heap-floor', { heapFloor: 0.86 * 256 * MiB }, { heapFloor: 0.93 * 256 * MiB }],
    ['gc-time', { gcShare: 0.35 }, { gcShare: 0.7 }],
    ['loop-delay', { loopDelayP50Ms: 60 }, { loopDelayP50Ms: 300 }],
    ['box-memory', { boxUsed: 1.85 * GiB }, { boxUsed: 1.95 * GiB }],
    ['memory-stall', { memoryStall: 0.2 }, { memoryStall: 0.5 }],
  ])('%s is elevated, then critical', (code, elevated, critical) => {
    expect(judge(elevated)).toMatchObject({ level: 'elevated', reasons: [{ code, level: 'elevated' }] });
    expect(judge(critical)).toMatchObject({ level: 'critical', reasons: [{ code, level: 'critical' }] });
  });

  it('tells everything that is short, the worst first', () => {
    const { level, reasons } = judge({ gcShare: 0.4, loopDelayP50Ms: 400 });
    expect(level).toBe('critical');
    expect(reasons).toEqual([
      { code: 'loop-delay', level: 'critical', value: 400, elevated: 50, critical: 250 },
      { code: 'gc-time', level: 'elevated', value: 0.4, elevated: 0.3, critical: 0.6 },
    ]);
  });

  it('does not hold an old floor against an app: one that sheds everything would never recover', () => {
    const full = { heapFloor: 255 * MiB, heapFloorAtMs: CALM.uptimeMs - 14_000 };
    expect(judge(full).level).toBe('critical');
    expect(judge({ ...full, heapFloorAtMs: CALM.uptimeMs - 16_000 }).level).toBe('none');
  });

  it('takes what is not known for not short', () => {
    const unknown = {
      heapFloor: null,
      heapFloorAtMs: null,
      loopDelayP50Ms: null,
      boxUsed: null,
      memoryStall: null,
    };
    expect(judge(unknown).level).toBe('none');
  });

  it('follows the limits it is given; Infinity means never', () => {
    const limits = {
      ...DEFAULT_PRESSURE_LIMITS,
      'gc-time': { elevated: 0.01, critical: Number.POSITIVE_INFINITY },
    };
    expect(judgePressure({ ...CALM, gcShare: 1 }, limits)).toMatchObject({ level: 'elevated' });
  });
});
