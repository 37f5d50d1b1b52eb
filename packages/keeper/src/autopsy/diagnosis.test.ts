import type { Confirmation, ConfirmedGrowth, LeakState, Pool, PoolVerdict } from '@maque/guard';
import { MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { diagnose } from './diagnosis.ts';

function near(changes: Partial<PoolVerdict> = {}): PoolVerdict {
  return {
    pool: 'heap',
    verdict: 'healthy',
    probability: 0,
    leakProbability: 0,
    growthProbability: 0,
    bytesPerSecond: 0,
    bytesPerSecondInterval: [0, 0],
    level: 60 * MiB,
    limit: 200 * MiB,
    timeToLimitMs: null,
    ...changes,
  };
}

function state(changes: Partial<LeakState> = {}): LeakState {
  const levels = { heap: 'none', external: 'none', native: 'none' } as const;
  return {
    near: [near()],
    slow: [],
    suspected: null,
    levels,
    release: null,
    forcedCollections: 0,
    ...changes,
  };
}

/** The detector is sure of a leak of 100 KiB a second. */
const leaking = state({
  near: [near({ verdict: 'leaking', growthProbability: 1, bytesPerSecond: 100 * 1024 })],
  suspected: 'heap',
  levels: { heap: 'leaking', external: 'none', native: 'none' },
});

/** Five minutes in which a pool has come so far. */
function confirmed(
  bytes: number,
  verdict: ConfirmedGrowth['verdict'],
  { pool = 'heap' as Pool, isExact = true } = {},
): Confirmation {
  const none = {
    verdict: 'healthy',
    bytes: 0,
    bytesPerSecond: 0,
    bytesPerRequest: 0,
    timeToLimitMs: null,
  } as const;
  const growth = { heap: none, external: none, native: null };
  return {
    uptimeMs: 600_000,
    requests: 1_000,
    live: { heap: 60 * MiB, external: MiB, native: null },
    limits: { heap: 200 * MiB, external: null, native: null },
    pauseMs: 50,
    since: {
      elapsedMs: 300_000,
      isExact,
      requests: 500,
      growth: { ...growth, [pool]: { ...none, verdict, bytes, bytesPerSecond: bytes / 300 } },
    },
  };
}

it('confirms a suspicion by what has come', () => {
  expect(diagnose(leaking, confirmed(30 * MiB, 'leaking'))).toEqual({
    verdict: 'leaking',
    isConfirmed: true,
    pool: 'heap',
    bytesPerSecond: (30 * MiB) / 300,
  });
});

it('takes a false alarm back when next to nothing has come', () => {
  const finding = { verdict: 'healthy', isConfirmed: true, pool: null };
  expect(diagnose(leaking, confirmed(-2 * MiB, 'healthy'))).toMatchObject(finding);
});

it('takes nothing back for what ended with the traffic, or for garbage that was counted before', () => {
  const finding = { verdict: 'growing', isConfirmed: false, pool: 'heap' };
  const slow = { ...leaking, near: [near({ growthProbability: 1, bytesPerSecond: 34_000 })] };
  expect(diagnose(slow, confirmed(3 * MiB, 'healthy'))).toMatchObject(finding);
  expect(diagnose(leaking, confirmed(-2 * MiB, 'healthy', { isExact: false }))).toMatchObject(finding);
});

it('keeps to the forecast where nothing could be compared', () => {
  const finding = { verdict: 'leaking', isConfirmed: false, pool: 'heap', bytesPerSecond: 100 * 1024 };
  expect(diagnose(leaking, null)).toEqual(finding);
  expect(diagnose(leaking, { ...confirmed(0, 'healthy'), since: null })).toEqual(finding);
});

it('calls growing what nobody had suspected', () => {
  const grown = confirmed(20 * MiB, 'leaking', { pool: 'external' });
  expect(diagnose(state(), grown)).toMatchObject({ verdict: 'growing', isConfirmed: true, pool: 'external' });
  const warm = state({
    near: [near({ verdict: 'warming-up', growthProbability: 0.95, bytesPerSecond: 9_000 })],
  });
  expect(diagnose(warm, null)).toMatchObject({
    verdict: 'growing',
    isConfirmed: false,
    bytesPerSecond: 9_000,
  });
});

it('calls growing what is much, however far the limit is', () => {
  const much = confirmed(30 * MiB, 'healthy', { pool: 'external' });
  expect(diagnose(state(), much)).toMatchObject({ verdict: 'growing', isConfirmed: true, pool: 'external' });
});

it('says that nothing grows, or that it is too early to say', () => {
  expect(diagnose(state(), confirmed(0, 'healthy'))).toMatchObject({ verdict: 'healthy', isConfirmed: true });
  expect(diagnose(state(), null)).toMatchObject({ verdict: 'healthy', isConfirmed: false });
  const young = state({ near: [near({ verdict: 'not-enough-evidence' })] });
  expect(diagnose(young, null)).toMatchObject({ verdict: 'unknown' });
  expect(diagnose(state({ near: [] }), null)).toMatchObject({ verdict: 'unknown' });
});
