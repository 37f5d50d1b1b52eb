import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cleanLine } from './clean-line.ts';

it.each([
  ['plain text, 中文, 😀 and\ttabs', 'plain text, 中文, 😀 and\ttabs'],
  ['\x1b[31mred\x1b[0m and \x1b]8;;http://x\x07link\x1b]8;;\x07', 'red and link'],
  ['ends as in Windows\r', 'ends as in Windows'],
  ['10 %\r20 %\r100 %', '100 %'],
  ['bell \x07 null \0 escape', 'bell \\x07 null \\x00 escape'],
])('%j becomes %j', (text, clean) => expect(cleanLine(text)).toBe(clean));

it('leaves nothing in any text that could command a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(cleanLine(text).replaceAll('\t', '')).not.toMatch(/\p{Cc}/u);
    }),
  );
});
