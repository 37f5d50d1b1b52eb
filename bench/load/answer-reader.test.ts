import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerReader, closesConnection, retryAfterSeconds } from './answer-reader.ts';

interface Seen {
  readonly status: number;
  readonly body: string;
}

function readAll(chunks: readonly Buffer[]): readonly Seen[] {
  const reader = new AnswerReader();
  const seen: Seen[] = [];
  for (const chunk of chunks) {
    reader.read(chunk, ({ status, body }) => seen.push({ status, body: body.toString() }));
  }
  return seen;
}

function answerBytes({ status, body }: Seen): Buffer {
  return Buffer.from(`HTTP/1.1 ${status} Any\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

test('answers come out whole however the network cuts them', () => {
  const answers = fc.array(fc.record({ status: fc.integer({ min: 200, max: 599 }), body: fc.string() }), {
    maxLength: 5,
  });
  const property = fc.property(answers, fc.array(fc.nat(300), { maxLength: 8 }), (sent, cuts) => {
    const bytes = Buffer.concat(sent.map(answerBytes));
    const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].toSorted((a, b) => a - b);
    const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
    expect(readAll(chunks)).toEqual(sent);
  });
  fc.assert(property);
});

test('what is not an answer with a stated length is refused', () => {
  expect(() => readAll([Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')])).toThrow(
    /Content-Length/,
  );
  expect(() => readAll([Buffer.from('SSH-2.0-OpenSSH\r\n\r\n')])).toThrow(/not an HTTP/);
});

test('an answer that never ends is given up', () => {
  const head = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n');
  expect(() => readAll([head, Buffer.alloc(2 * 1024 * 1024)])).toThrow(/exceeds/);
});

test('the headers that matter are found in any case', () => {
  const answer = (head: string) => ({ status: 503, head, body: Buffer.alloc(0) });
  expect(closesConnection(answer('HTTP/1.1 503 X\r\nconnection: close'))).toBe(true);
  expect(closesConnection(answer('HTTP/1.1 503 X\r\nConnection: keep-alive'))).toBe(false);
  expect(retryAfterSeconds(answer('HTTP/1.1 503 X\r\nRetry-After: 2\r\nX: y'))).toBe(2);
  expect(retryAfterSeconds(answer('HTTP/1.1 503 X'))).toBeUndefined();
});
