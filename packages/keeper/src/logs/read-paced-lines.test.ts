import { PassThrough } from 'node:stream';
import { createManualClock } from '@maque/kit';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { expect, it } from 'vitest';
import { OutputPace } from './output-pace.ts';
import { readPacedLines } from './read-paced-lines.ts';

function pacedStream() {
  const source = new PassThrough({ highWaterMark: 64 * 1024 });
  const clock = createManualClock();
  const lines: (readonly [text: string, droppedBytes: number])[] = [];
  const pace = new OutputPace({ bytesPerSecond: 20, burstBytes: 40 });
  readPacedLines(source, pace, clock, (text, gap) => void lines.push([text, gap?.droppedBytes ?? 0]));
  return { source, clock, lines };
}

it('drops a flood unread, says how much, and goes on with a whole line', async () => {
  const { source, clock, lines } = pacedStream();
  source.write(`${'a'.repeat(29)}\nunfinished`);
  source.write('a chunk that is too much\n');
  source.write('and more\nof it');
  await waitUntil('the flood to be read', () => source.readableLength === 0);
  clock.advance(2_000);
  source.write(' rest\nwhole line\n');
  source.end();
  await waitUntil('the last line', () => lines.length === 3);
  const dropped = 'a chunk that is too much\nand more\nof it rest\n'.length;
  expect(lines).toEqual([
    ['a'.repeat(29), 0],
    ['unfinished', 0],
    ['whole line', dropped],
  ]);
});

it('says how much was dropped when nothing comes after it', async () => {
  const { source, lines } = pacedStream();
  source.end('x'.repeat(41));
  await waitUntil('the end', () => lines.length === 1);
  expect(lines).toEqual([['', 41]]);
});
