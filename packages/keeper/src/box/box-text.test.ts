import { MiB } from '@maque/kit';
import { expect, it } from 'vitest';
import type { BoxReason, VerdictCode } from './box-decision.ts';
import { describeBoxReason, describeVerdict } from './box-text.ts';

const GROWTH = { bytes: 310 * MiB, bytesPerSecond: 12.34 * MiB };

it.each<[BoxReason, string]>([
  [
    { code: 'box-full', kind: 'cgroup', usedBytes: 480 * MiB, limitBytes: 512 * MiB },
    '480 MiB of 512 MiB that the control group allows are in use for good',
  ],
  [
    { code: 'limit-near', limitInMs: 4_200, bytesPerSecond: 12.34 * MiB },
    'memory is full in 4.2 s if it goes on like this (12.3 MiB/s)',
  ],
  [{ code: 'memory-stall', share: 0.413 }, 'for 41 % of the time nothing could run for lack of memory'],
  [
    { code: 'worker-grew', worker: 'w1', budgetBytes: 165 * MiB, ...GROWTH },
    'worker w1 holds 310 MiB, its budget is 165 MiB (12.3 MiB/s)',
  ],
  [{ code: 'neighbour-grew', name: 'mariadbd', ...GROWTH }, 'mariadbd grows: 310 MiB (12.3 MiB/s)'],
])('says what is short: %j', (reason, sentence) => {
  expect(describeBoxReason(reason, 'en')).toBe(sentence);
  expect(describeBoxReason(reason, 'zh-CN')).not.toMatch(/\{|undefined|NaN/);
});

it('leaves no number out of why a worker is to go, in either language', () => {
  const codes: VerdictCode[] = ['budget', 'heap', 'box', 'full', 'neighbour', 'limit'];
  for (const code of codes) {
    const verdict = { worker: 'w1', code, budgetBytes: 165 * MiB, roomBytes: 9.7 * MiB, ...GROWTH };
    for (const language of ['en', 'zh-CN'] as const) {
      expect(describeVerdict(verdict, language)).toMatch(/MiB/);
      expect(describeVerdict(verdict, language)).not.toMatch(/\{|undefined|NaN/);
    }
  }
});
