import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OutputTail } from './output-tail.ts';

it('knows the last lines, however they came and however many there were', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(chunks, (all) => {
      const tail = new OutputTail();
      for (const chunk of all) tail.push(chunk);
      const whole = Buffer.concat(all)
        .subarray(-32 * 1024)
        .toString()
        .split('\n')
        .slice(-20, -1);
      // The first may be cut off at its beginning.
      const expected = whole.slice(1).map((line) => line.slice(0, 400));
      expect(tail.lines().slice(-expected.length - 1)).toEqual(expect.arrayContaining(expected));
    }),
  );
});

it('keeps 60 lines of 400 characters at most, and half a line only where it began', () => {
  const tail = new OutputTail();
  tail.push(Buffer.from('half a'));
  expect(tail.lines()).toEqual(['half a']);
  for (let line = 0; line < 1_000; line += 1) tail.push(Buffer.from(`${line} ${'麻雀'.repeat(50)}\n`));
  expect(tail.lines().length).toBe(60);
  expect(tail.lines().at(-1)).toBe(`999 ${'麻雀'.repeat(50)}`);
  tail.push(Buffer.from(`${'x'.repeat(100_000)}\nend`));
  expect(tail.lines()).toEqual(['end']);
  tail.push(Buffer.from(`\n${'y'.repeat(1_000)}\n`));
  expect(tail.lines()).toEqual(['end', 'y'.repeat(400)]);
});
