import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

function split(chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

describe('splitting output into lines', () => {
  it('finds the same lines however the bytes arrive', () => {
    const lines = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((line) => !line.includes('\n')),
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 7 }), (expected, size) => {
        const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''));
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        expect(split(chunks)).toEqual(expected);
      }),
    );
  });

  it('cuts a line that never ends instead of keeping it, and goes on with the next', () => {
    const chunk = Buffer.from('x'.repeat(10_000));
    const lines = split([chunk, chunk, chunk, chunk, Buffer.from('\nnext\nlast')]);
    expect(lines.map((line) => line.length)).toEqual([16_385, 4, 4]);
    expect(lines[0]?.endsWith('x…')).toBe(true);
  });
});
