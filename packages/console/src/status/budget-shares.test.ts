import { expect, test } from 'vitest';
import { sampleProcess, sampleStatus } from '../../testing/sample-status.ts';
import { budgetBar, levelOf } from './budget-shares.ts';

const two = (first: number, second: number) => [
  sampleProcess({ pss: first }),
  sampleProcess({ id: 'w2', pss: second }),
];

test('within the budget the bar is the budget', () => {
  const bar = budgetBar(sampleStatus({ budget: 400, used: 300, processes: two(100, 200) }));
  expect(bar.shares.map(({ part }) => part)).toEqual([0.25, 0.5]);
  expect(bar).toMatchObject({ free: 100, over: 0, usage: 0.75, budgetEnd: 1 });
});

test('beyond the budget the bar is what is used, and shows where the budget ends', () => {
  const bar = budgetBar(sampleStatus({ budget: 400, used: 500, processes: two(300, 200) }));
  expect(bar.shares.map(({ part }) => part)).toEqual([0.6, 0.4]);
  expect(bar).toMatchObject({ free: 0, over: 100, usage: 1.25, budgetEnd: 0.8 });
});

test('no budget and no process divide nothing by zero', () => {
  const bar = budgetBar(sampleStatus({ budget: 0, used: 0, processes: [] }));
  expect(bar).toEqual({ shares: [], free: 0, over: 0, usage: 0, budgetEnd: 1 });
});

test.each([
  [84, 'calm'],
  [85, 'high'],
  [100, 'high'],
  [101, 'over'],
] as const)('%i of 100 is %s', (used, level) => {
  expect(levelOf(used, 100)).toBe(level);
});

test('a limit that is not known alarms nobody', () => {
  expect(levelOf(100, 0)).toBe('calm');
});
