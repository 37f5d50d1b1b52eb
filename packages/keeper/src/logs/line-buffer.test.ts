import { waitUntil } from '@maque/testkit/process/wait-until';
import { describe, expect, it } from 'vitest';
import { LineBuffer, type LineTarget } from './line-buffer.ts';

/** A disk that takes one write and then waits to be told how it went. */
function heldTarget() {
  const written: string[] = [];
  let finish: ((error: Error | null) => void) | undefined;
  const target: LineTarget = {
    write(text, done) {
      written.push(text);
      finish = done;
    },
    writeSync: (text) => void written.push(text),
    close() {},
  };
  return { target, written, finish: (error: Error | null = null) => finish?.(error) };
}

describe('the buffer of lines', () => {
  it('writes many lines at once, in order, and never two writes together', () => {
    const disk = heldTarget();
    const lines = new LineBuffer(disk.target, { flushAtLength: 6 });
    for (const line of ['a\n', 'b\n', 'c\n', 'd\n', 'e\n', 'f\n', 'g\n']) lines.write(line);
    expect(disk.written).toEqual(['a\nb\nc\n']);
    disk.finish();
    expect(disk.written).toEqual(['a\nb\nc\n', 'd\ne\nf\ng\n']);
  });

  it('drops and counts what a slow disk cannot take', () => {
    const disk = heldTarget();
    const lines = new LineBuffer(disk.target, { flushAtLength: 2, maxPendingLength: 10 });
    for (let line = 0; line < 100; line += 1) lines.write(`${line % 10}\n`);
    // One line is being written, five wait.
    expect(lines.dropped).toBe(94);
  });

  it('counts what a full disk refused, says so once, and goes on', async () => {
    const disk = heldTarget();
    const faults: string[] = [];
    const onFault = (error: Error) => void faults.push(error.message);
    const lines = new LineBuffer(disk.target, { flushAtLength: 4, flushAfterMs: 1, onFault });
    lines.write('a\n');
    lines.write('b\n');
    disk.finish(new Error('ENOSPC'));
    expect(lines).toMatchObject({ dropped: 2, isFailing: true });
    lines.write('c\n');
    await waitUntil('the next write', () => disk.written.length === 2);
    disk.finish(new Error('ENOSPC'));
    expect(faults).toEqual(['ENOSPC']);
    lines.write('d\n');
    await waitUntil('a third write', () => disk.written.length === 3);
    disk.finish();
    expect(lines).toMatchObject({ dropped: 3, isFailing: false });
    expect(disk.written[2]).toBe('d\n');
  });

  it('writes what waits when it closes', async () => {
    const disk = heldTarget();
    const lines = new LineBuffer(disk.target);
    lines.write('last\n');
    await lines.close();
    lines.write('too late\n');
    expect(disk.written).toEqual(['last\n']);
    expect(lines.dropped).toBe(1);
  });
});
