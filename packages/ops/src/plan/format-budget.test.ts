import { MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../present/display-width.ts';
import { allocate } from './allocate.ts';
import type { BoxFacts } from './box-facts.ts';
import { formatBasis, formatBudget } from './format-budget.ts';

const server = { bodyLimitBytes: MiB };
const box: BoxFacts = { memoryBytes: 1960 * MiB, bound: 'box', cores: 2 };

describe.each(['en', 'zh-CN'] as const)('a budget in %s', (language) => {
  it('shows each term with its formula, lined up, and the total', () => {
    const text = formatBudget(allocate(box, { server, memoryBytes: 512 * MiB }), language);
    const lines = text.split('\n');
    expect(text).toMatch(/\d+ \+ 3 × 4$/m);
    expect(lines.at(-1)).toMatch(/ 512$/);
    // Every row's sum ends at the same terminal column.
    const sums = lines.filter((line) => /^\S.* {2}\d+ {2}\d+/.test(line)).map(columnOfSum);
    expect(sums.length).toBeGreaterThan(8);
    expect(new Set(sums).size).toBe(1);
  });

  it('names what a refused plan needs and each change that would help', () => {
    const text = formatBudget(allocate(box, { server, memoryBytes: 300 * MiB, workers: 2 }), language);
    expect(text).toContain('300 MiB');
    expect(text).toContain('--workers 1');
    expect(text).toMatch(/--memory 4\d\dM/);
  });
});

it('says where the bound comes from', () => {
  expect(formatBasis(allocate(box, { server }).basis, 'en')).toBe(
    'this box has 1.91 GiB, the system keeps 180 MiB',
  );
  const container: BoxFacts = { ...box, bound: 'cgroup-v2' };
  expect(formatBasis(allocate(container, { server }).basis, 'en')).toBe('cgroup v2 limit of 1.91 GiB');
  const large: BoxFacts = { ...box, memoryBytes: 8192 * MiB };
  expect(formatBasis(allocate(large, { server }).basis, 'zh-CN')).toBe('本机内存 8 GiB，未指定时最多 2 GiB');
});

function columnOfSum(line: string): number {
  const [upToSum = ''] = /^.*? {2,}\d+(\.\d)? +\d+ +\d+(\.\d)?/.exec(line) ?? [];
  return displayWidth(upToSum);
}
