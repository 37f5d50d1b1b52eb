import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Frame, frameHeader, framesIn } from './frame-reader.ts';

const frame = fc.record({ name: fc.string({ maxLength: 20 }), content: fc.uint8Array({ maxLength: 60 }) });

it('finds the frames of a stream, wherever it is cut into pieces', async () => {
  const streams = fc.record({
    frames: fc.array(frame, { maxLength: 5 }),
    pieces: fc.array(fc.nat({ max: 40 })),
  });
  await fc.assert(
    fc.asyncProperty(streams, async ({ frames, pieces }) => {
      const whole = Buffer.concat(
        frames.flatMap(({ name, content }) => [Buffer.from(frameHeader({ name }, content.length)), content]),
      );
      const found = await read(cut(whole, pieces));
      expect(found).toEqual(
        frames.map(({ name, content }) => ({
          header: { name, bytes: content.length },
          content: Buffer.from(content),
        })),
      );
    }),
  );
});

it('drops what breaks off', async () => {
  const whole = Buffer.from(`${frameHeader({}, 4)}1234${frameHeader({}, 9)}12`);
  expect((await read([whole])).map(({ content }) => content.toString())).toEqual(['1234']);
});

it.each([
  ['a line without an end', 'x'.repeat(2_000)],
  ['what is no JSON', 'hello\n'],
  ['more than is allowed', frameHeader({}, 101)],
  ['less than nothing', '{"bytes":-1}\n'],
  ['no number', '{}\n'],
])('refuses %s', async (_, text) => {
  await expect(read([Buffer.from(text)])).rejects.toThrow();
});

async function read(pieces: readonly Buffer[]): Promise<Frame[]> {
  const found: Frame[] = [];
  for await (const frame of framesIn(streamOf(pieces), 100)) found.push(frame);
  return found;
}

async function* streamOf(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

/** @param lengths of the pieces; the last takes the rest. */
function cut(whole: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(whole.subarray(at, at + length));
    at += length;
  }
  return [...pieces, whole.subarray(at)];
}
