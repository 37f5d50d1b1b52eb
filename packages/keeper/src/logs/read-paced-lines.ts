import type { Readable } from 'node:stream';
import type { Bytes, Clock } from '@maque/kit';
import { LineSplitter } from '../process/line-splitter.ts';
import type { OutputPace } from './output-pace.ts';

/** Takes a line and, if anything was dropped just before it, how much. */
export type PacedLineListener = (text: string, gap?: { readonly droppedBytes: Bytes }) => void;

const NEWLINE = 10;

/**
 * Hands out the lines of a stream. What is over its pace is read and dropped: output that is not read piles up in the
 * worker that printed it, for `console.log` never waits (1.3 GiB in 2 s, measured), and a lost line is the smaller harm.
 */
export function readPacedLines(
  source: Readable,
  pace: Pick<OutputPace, 'admits'>,
  clock: Pick<Clock, 'monotonic'>,
  onLine: PacedLineListener,
): void {
  let dropped: Bytes = 0;
  let splitter: LineSplitter | undefined;

  const emit = (text: string) => {
    if (dropped === 0) return onLine(text);
    const droppedBytes = dropped;
    dropped = 0;
    onLine(text, { droppedBytes });
  };
  source.on('data', (chunk: Uint8Array) => {
    if (!pace.admits(chunk.length, clock.monotonic())) {
      splitter?.end();
      splitter = undefined;
      dropped += chunk.length;
      return;
    }
    if (splitter !== undefined) return splitter.push(chunk);
    // After a gap, from the next whole line on.
    const start = dropped === 0 ? 0 : chunk.indexOf(NEWLINE) + 1 || chunk.length;
    if (dropped > 0) dropped += start;
    splitter = new LineSplitter(emit);
    splitter.push(chunk.subarray(start));
  });
  source.once('end', () => {
    splitter?.end();
    if (dropped > 0) emit('');
  });
  source.on('error', () => {});
}
