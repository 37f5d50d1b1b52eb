import { MINUTE, MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import { calmFacts, calmProcess, leakAt } from '../../fixtures/alert-facts.ts';
import type { AlertFacts } from './alert-facts.ts';
import { type RecentPast, readingsOf } from './readings.ts';
import { DEFAULT_LIMITS } from './rules.ts';

const noDeaths = { count: 0, last: undefined, windowMs: 15 * MINUTE };

const nothing: RecentPast = { deaths: noDeaths, incidents: [], examinations: [] };

/** What would be told of these facts, were they to last. */
function struck(facts: AlertFacts, changes: Partial<RecentPast> = {}) {
  return readingsOf(facts, { ...nothing, ...changes })
    .filter(({ rule, value }) => value >= DEFAULT_LIMITS[rule].warning)
    .map(({ rule, process }) => `${rule} ${process ?? '*'}`);
}

it('finds nothing in a server that is well', () => {
  expect(struck(calmFacts())).toEqual([]);
});

it.each<[string, AlertFacts]>([
  ['leak w1', leakAt(0.9)],
  ['heap w1', calmFacts({ processes: [calmProcess({ heapFloor: 171 * MiB })] })],
  ['cpu w1', calmFacts({ processes: [calmProcess({ busy: 0.81 })] })],
  ['latency w1', calmFacts({ processes: [calmProcess({ p95Ms: 1_001 })] })],
  ['box-memory *', calmFacts({ box: { kind: 'cgroup', used: 461, limit: 512, stall: null, cpu: null } })],
  ['memory-stall *', calmFacts({ box: { kind: 'cgroup', used: 1, limit: 512, stall: 0.2, cpu: null } })],
  ['cpu *', calmFacts({ box: { kind: 'machine', used: 1, limit: 512, stall: 0, cpu: 0.9 } })],
])('finds %s', (expected, facts) => {
  expect(struck(facts)).toEqual([expected]);
});

it('counts deaths of all processes together', () => {
  const last = { process: 'w2', cause: 'KILLED' };
  expect(struck(calmFacts(), { deaths: { ...noDeaths, count: 3, last } })).toEqual(['restarts *']);
});

it('lets the pool that is worst off speak for a process', () => {
  const forecast = { verdict: 'growing', bytesPerSecond: 1, timeToLimitMs: null } as const;
  const forecasts = [
    { ...forecast, pool: 'heap', probability: 0.2 } as const,
    { ...forecast, pool: 'native', probability: 0.95 } as const,
  ];
  const readings = readingsOf(calmFacts({ processes: [calmProcess({ forecasts })] }), nothing);
  expect(readings.filter(({ rule }) => rule === 'leak')).toMatchObject([
    { value: 0.95, evidence: { pool: 'native', used: 30 * MiB } },
  ]);
});

it('takes a slow answer among a handful for no percentile', () => {
  expect(struck(calmFacts({ processes: [calmProcess({ p95Ms: 5_000, requestsPerSecond: 1.9 })] }))).toEqual(
    [],
  );
});

it('says nothing of what is not known or is no number', () => {
  const process = calmProcess({
    heapFloor: null,
    busy: Number.NaN,
    p95Ms: null,
    requestsPerSecond: null,
    heapLimit: 0,
  });
  const box = { kind: 'machine', used: null, limit: null, stall: null, cpu: null } as const;
  expect(readingsOf({ processes: [process], box }, nothing).map(({ rule }) => rule)).toEqual(['restarts']);
  expect(readingsOf({ processes: [], box: null }, nothing)).toHaveLength(1);
});
