import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readForm } from './form-reader.ts';
import { StoreRefusal } from './store-refusal.ts';

const BOUNDARY = '--b--';
const TYPE = `multipart/form-data; boundary="${BOUNDARY}"`;

/** Bytes in pieces of any lengths. */
async function* inPieces(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let piece = 0; at < bytes.length; piece += 1) {
    const end = at + (lengths[piece % lengths.length] ?? 1);
    yield bytes.subarray(at, end);
    at = end;
  }
}

const field = (name: string, value: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const fileHead = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="照片.jpg"\r\n\r\n`;
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
/** Much that looks like a boundary, and is none: whoever writes a form sees to that, from the first byte of a part on. */
const contents = fc
  .array(fc.constantFrom('\r\n', '--', BOUNDARY, '\r', '-', 'x', '\r\n--', '\r\n--b-'), { maxLength: 30 })
  .map((parts) => parts.join(''))
  .filter((text) => !`\r\n${text}`.includes(`\r\n--${BOUNDARY}`));

it('finds the fields and the file, wherever the bytes are cut', async () => {
  const property = fc.asyncProperty(contents, contents, lengths, async (value, content, cuts) => {
    const form = `${field('Key', value)}${field('policy', 'p')}${fileHead}${content}\r\n--${BOUNDARY}--\r\nrest`;
    const { fields, fileName, file } = await readForm(TYPE, inPieces(Buffer.from(form), cuts));
    expect([fields, fileName]).toEqual([{ key: value, policy: 'p' }, '照片.jpg']);
    let read = '';
    for await (const chunk of file) read += chunk.toString('utf8');
    expect(read).toBe(content);
  });
  await fc.assert(property, { numRuns: 500 });
});

it('refuses garbage, and what breaks off, and keeps only so much of it', async () => {
  const whole = `${field('key', 'a')}${fileHead}content`;
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.nat({ max: whole.length }).map((end) => Buffer.from(whole.slice(0, end))),
    fc.constant(Buffer.from(`--${BOUNDARY}${'x'.repeat(40_000)}`)),
    fc.constant(Buffer.from(field('a', 'b').repeat(100))),
    fc.constant(Buffer.from(`${field('a', 'b'.repeat(30_000))}${fileHead}`)),
  );
  const property = fc.asyncProperty(garbage, lengths, async (bytes, cuts) => {
    const reading = (async () => {
      const { file } = await readForm(TYPE, inPieces(bytes, cuts));
      for await (const _ of file);
    })();
    await expect(reading).rejects.toBeInstanceOf(StoreRefusal);
  });
  await fc.assert(property, { numRuns: 300 });
  await expect(readForm('application/json', inPieces(Buffer.from(whole), [9]))).rejects.toBeInstanceOf(
    StoreRefusal,
  );
});
