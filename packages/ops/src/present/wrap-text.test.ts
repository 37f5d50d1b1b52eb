import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { formatTable } from './text-table.ts';
import { hangingText, wrapText } from './wrap-text.ts';

const texts = fc
  .array(
    fc.constantFrom(
      'nginx',
      'a',
      '内存',
      '预留，',
      '（整机）',
      '≥ 4',
      '没有 swap：会杀进程',
      'to the outside',
      'sshd、cron。',
      '、',
      '(',
    ),
  )
  .map((words) => words.join(' '));

it('loses nothing and keeps to its width, but for words that are longer', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, width) => {
      const lines = wrapText(text, width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) if (line.includes(' ')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
});

it('breaks Chinese between characters, and never before what closes', () => {
  expect(wrapText('内存去向，预留（整机）', 8)).toEqual(['内存去', '向，预留', '（整机）']);
  expect(wrapText('日活 1,000 人', 8)).toEqual(['日活', '1,000 人']);
});

it('goes on where it began', () => {
  expect(hangingText('  - ', 4, 'one two three', 12)).toEqual(['  - one two', '    three']);
});

it('lets the last column of a table go on below', () => {
  const cell = 'one two three four five six';
  expect(formatTable([{ title: 'a' }, { title: 'b' }], [['x', cell], undefined], 27)).toEqual([
    'a  b',
    '─'.repeat(27),
    'x  one two three four five',
    '   six',
    '─'.repeat(27),
  ]);
});
