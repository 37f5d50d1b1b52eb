import { MiB } from '@maque/kit';
import { expect, test } from 'vitest';
import { COMBINATIONS } from './combination-list.ts';
import { isMet, markdownReport, type PlanReality } from './plan-reality-report.ts';
import type { CombinationResult, Compared } from './run-combination.ts';

const [combination] = COMBINATIONS;
const machine = { at: '', cpu: 'a core', cores: 2, memoryBytes: 0, kernel: '6', node: 'v26', loadBefore: 0 };

function box(seen: number, expected: number, budget = 900): CombinationResult {
  const one = (service: string): Compared => ({
    service,
    seen: seen * MiB,
    expected: expected * MiB,
    budget: budget * MiB,
  });
  if (combination === undefined) throw new Error('no combination');
  const window = { right: 1_000 } as CombinationResult['window'];
  const side = { open: 0, queries: 1, keys: 1 };
  const shop = { cachedBytes: 0, databaseBytes: 0 };
  return { combination, services: [one('shop')], inAll: one('all'), window, side, shop, oomKills: 0 };
}

function reality(...memory: CombinationResult[]): PlanReality {
  return { machine: { ...machine, commit: null }, seconds: 1, memory, capacity: [] };
}

test('the goal is missed by one box above, by a median too far below, and by a broken budget', () => {
  expect(isMet(reality(box(100, 110), box(100, 150), box(100, 101)))).toBe(true);
  expect(isMet(reality(box(100, 110), box(100, 99)))).toBe(false);
  expect(isMet(reality(box(100, 121), box(100, 130), box(100, 101)))).toBe(false);
  expect(isMet(reality(box(100, 110, 90)))).toBe(false);
});

test('the report has a row for each box', () => {
  const text = markdownReport(reality(box(100, 110)));
  expect(text).toContain('| usual 2 GiB |  | 100 → 110 |  |  | 100 → 110 | +10 % | 900 | 1000 |');
  expect(text).toContain('0 of 1 boxes above what was foretold; foretold is +10 % above at the median');
});
