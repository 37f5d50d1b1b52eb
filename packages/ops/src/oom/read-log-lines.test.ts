import { describe, expect, it } from 'vitest';
import { READINGS } from '../../testing/oom-readings.ts';
import { READ_AT_MS, reportOf, textOfLog } from '../../testing/recorded-oom.ts';
import { OomReader } from './oom-reader.ts';
import { readLogLines } from './read-log-lines.ts';

const NAME = '08-4.19-memcg-v2-unit';
const WHOLE = textOfLog(NAME);

describe('readLogLines', () => {
  const expected = READINGS[NAME] ?? [];
  const endless = 'x'.repeat(300_000);

  it.each<[string, string | Buffer]>([
    ['with the line ends of Windows', WHOLE.replaceAll('\n', '\r\n')],
    ['with a byte order mark', `\ufeff${WHOLE}`],
    ['as PowerShell redirects it', Buffer.from(`\ufeff${WHOLE}`, 'utf16le')],
    ['between lines that never end', `${endless}\n${WHOLE.replaceAll('\n', `\n${endless}\n`)}`],
    ['without an end of its last line', WHOLE.trimEnd()],
  ])('reads the same %s', async (_how, text) => {
    const reader = new OomReader({ nowMs: READ_AT_MS });
    for await (const line of readLogLines(inChunks(Buffer.from(text)))) reader.read(line);
    expect(reader.report().kills).toMatchObject(expected);
  });
});

it('a log that is cut at any place still tells of what is left, and never of two', () => {
  for (let at = 0; at < WHOLE.length; at += 37) {
    expect(reportOf(WHOLE.slice(at)).kills.length).toBeLessThanOrEqual(1);
    expect(reportOf(WHOLE.slice(0, at)).kills.length).toBeLessThanOrEqual(1);
  }
});

async function* inChunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 4_099) yield bytes.subarray(at, at + 4_099);
}
