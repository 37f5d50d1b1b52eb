import { expect, it } from 'vitest';
import { lineDiff } from './line-diff.ts';

it('shows what goes and what comes, with some lines around', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const after = before.with(10, 'another');
  expect(lineDiff(`${before.join('\n')}\n`, `${after.join('\n')}\n`)).toEqual([
    '…',
    ' line 7',
    ' line 8',
    ' line 9',
    '-line 10',
    '+another',
    ' line 11',
    ' line 12',
    ' line 13',
    '…',
  ]);
});

it('shows a new file as lines that come, and nothing where nothing changes', () => {
  expect(lineDiff('', 'a\nb\n')).toEqual(['+a', '+b']);
  expect(lineDiff('a\n', 'a\nb\n')).toEqual([' a', '+b']);
  expect(lineDiff('a\n', 'a\n')).toEqual(['…']);
});

it('compares long files without comparing each line with each', () => {
  const long = Array.from({ length: 3_000 }, (_, index) => `line ${index}`).join('\n');
  expect(lineDiff(long, `${long}\nmore`)).toHaveLength(6_001);
});
