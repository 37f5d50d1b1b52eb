import { MINUTE, MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { sampleOf } from '../../fixtures/memory-samples.ts';
import { parseExposition } from '../../fixtures/parse-exposition.ts';
import type { Pool, PoolVerdict, Verdict } from '../detect/verdict.ts';
import { RequestMeter } from '../requests/request-meter.ts';
import { guardMetrics } from './guard-metrics.ts';
import { renderPrometheus } from './prometheus.ts';
import { type GuardState, poolsOf } from './state.ts';

const verdictOn = (pool: Pool, verdict: Verdict, timeToLimitMs: number | null): PoolVerdict => ({
  pool,
  verdict,
  probability: 0.5,
  leakProbability: 0.6,
  growthProbability: 0.7,
  bytesPerSecond: 1_000,
  bytesPerSecondInterval: [900, 1_100],
  level: 40 * MiB,
  limit: 256 * MiB,
  timeToLimitMs,
});

it('tells of each pool what is expected within each horizon, and what evaluations agree on', () => {
  const memory = sampleOf(MINUTE, () => 40 * MiB);
  const meter = new RequestMeter({ maxRoutes: 5 });
  const state: GuardState = {
    memory,
    requests: meter.stats(),
    forecasts: [],
    slowForecasts: [],
    leakNote: null,
    slowTurnNote: null,
    slowTurns: { count: 3, totalMs: 450, watching: false, reports: [], refused: null },
    leaks: {
      near: [verdictOn('heap', 'leaking', MINUTE), verdictOn('native', 'healthy', null)],
      slow: [verdictOn('heap', 'growing', MINUTE)],
      suspected: 'heap',
      levels: { heap: 'leaking', external: 'none', native: 'none' },
      release: null,
      forcedCollections: 3,
    },
    pools: poolsOf(memory),
    pressure: { level: 'none', reasons: [] },
    cost: { samples: 1, totalMs: 1, microsecondsPerSample: 1_000, memory: 1 },
    intervalMs: 500,
  };
  const told = parseExposition(renderPrometheus(guardMetrics(state, meter)));
  const values = (name: string) =>
    told
      .filter((sample) => sample.name === name)
      .map(({ labels, value }) => `${Object.values(labels).join(' ')} ${value}`.trim());
  expect(values('maque_leak_verdict')).toEqual(['heap near 4', 'native near 0', 'heap day 3']);
  expect(values('maque_leak_probability')).toEqual(['heap near 0.5', 'native near 0.5', 'heap day 0.5']);
  expect(values('maque_leak_time_to_limit_seconds')).toEqual(['heap near 60', 'heap day 60']);
  expect(values('maque_leak_slope_bytes_per_second')[0]).toBe('heap near 1000');
  expect(values('maque_leak_suspicion_level')).toEqual(['heap 2', 'external 0', 'native 0']);
  expect(values('maque_guard_forced_collections_total')).toEqual(['3']);
});
