import { expect, test } from 'vitest';
import type { Row } from '../scenarios/scenario.ts';
import { availabilityRow, percent } from './availability-row.ts';
import { keeperMarkdownReport, keeperTextReport } from './keeper-report.ts';
import { isMet, type KeeperBenchResult } from './keeper-result.ts';

const row = (what: string, measured: string, met: boolean): Row => ({ what, wanted: '0', measured, met });

function resultOf(ours: readonly Row[], theirs: readonly Row[], error?: string): KeeperBenchResult {
  return {
    machine: {
      at: '2026-11-20T08:00:00.000Z',
      cpu: 'a processor',
      cores: 2,
      memoryBytes: 2 ** 31,
      kernel: '6.1',
      node: 'v26.10.0',
      loadBefore: 0.1,
      commit: 'abc',
    },
    seconds: null,
    contenders: [
      { name: 'maque', title: 'Maque' },
      { name: 'pm2', title: 'PM2' },
    ],
    scenarios: [
      {
        name: 'kill',
        title: 'kill -9',
        outcomes: [
          { contender: 'maque', rows: ours, details: null, ...(error === undefined ? {} : { error }) },
          { contender: 'pm2', rows: theirs, details: null },
        ],
      },
    ],
  };
}

test('goals are ours: what another misses is only a figure', () => {
  const result = resultOf([row('failed', '0', true)], [row('failed', '7', false)]);
  expect(isMet(result)).toBe(true);
  expect(keeperTextReport(result)).toMatch(/^failed +0 +0 +7$/m);
});

test('a goal that is missed, or a scenario that broke off, is told and fails the run', () => {
  const missed = resultOf([row('failed', '3', false)], []);
  expect(isMet(missed)).toBe(false);
  expect(keeperMarkdownReport(missed)).toContain('| failed | 0 | 3 **missed** | – |');
  const broken = resultOf([], [], 'it did not start');
  expect(isMet(broken)).toBe(false);
  expect(keeperTextReport(broken)).toContain('no: it did not start');
});

test('availability is never rounded up to the goal', () => {
  const counts = { right: 99_949, wrong: 0, late: 1, lost: 50, notSent: 0 };
  const { met, measured } = availabilityRow('availability', { counts, failures: [] });
  expect(met).toBe(false);
  expect(measured).toBe('99.949 % (51 of 100,000 failed: late)');
  expect(percent(0.999_499_9)).toBe('99.949 %');
  expect(percent(1)).toBe('100 %');
});
