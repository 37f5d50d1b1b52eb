import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { describe, expect, it } from 'vitest';
import { LineBuffer } from './line-buffer.ts';
import { RotatingFile } from './rotating-file.ts';

describe('the log file', () => {
  it('begins anew when it is full and keeps a bounded number, whatever is written', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'logs', 'w1.log');
    const lines = new LineBuffer(new RotatingFile({ path, maxBytes: 1_000, maxFiles: 3 }), {
      flushAtLength: 200,
      flushAfterMs: 1,
    });
    for (let number = 0; number < 500; number += 1) {
      lines.write(`${JSON.stringify({ number })}\n`);
      // Time for the disk, so that no more gathers than one file holds.
      if (number % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await lines.close();
    const names = readdirSync(join(temp.path, 'logs')).sort();
    expect(names).toEqual(['w1.1.log', 'w1.2.log', 'w1.log']);
    for (const name of names) {
      expect(statSync(join(temp.path, 'logs', name)).size).toBeLessThanOrEqual(1_000);
      expect(statSync(join(temp.path, 'logs', name)).mode & 0o777).toBe(0o600);
    }
    const kept = ['w1.2.log', 'w1.1.log', 'w1.log'].flatMap((name) =>
      readFileSync(join(temp.path, 'logs', name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { number: number }).number),
    );
    expect(kept.at(-1)).toBe(499);
    expect(kept).toEqual(kept.map((_, index) => 500 - kept.length + index));
  });

  it('goes on in the file of the last run', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'w1.log');
    for (const line of ['first\n', 'second\n']) {
      const lines = new LineBuffer(new RotatingFile({ path, maxBytes: 1_000, maxFiles: 3 }));
      lines.write(line);
      await lines.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('first\nsecond\n');
  });

  it.each([
    ['moved away', (path: string) => renameSync(path, `${path}-20261120`)],
    ['deleted', (path: string) => rmSync(path)],
    ['deleted with its folder', (path: string) => rmSync(dirname(path), { recursive: true })],
    ['truncated', (path: string) => truncateSync(path)],
  ])('is there again after it was %s', async (_, harm) => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'logs', 'output.log');
    const file = new RotatingFile({ path, maxBytes: 1_000, maxFiles: 3 });
    file.writeSync('before\n');
    harm(path);
    file.writeSync('after\n');
    expect(readFileSync(path, 'utf8')).toBe('after\n');
    file.close();
  });

  it('never harms its writer when the disk is full, and goes on when there is room', async () => {
    const file = new RotatingFile({ path: '/dev/full', maxBytes: 1_000, maxFiles: 3 });
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => file.write('a\n', resolve));
    expect(error?.code).toBe('ENOSPC');
    expect(() => file.writeSync('b\n')).toThrow('ENOSPC');
    file.close();
  });

  it('says with the first write that there can be no such file', async () => {
    await using temp = await tempFolder();
    writeFileSync(join(temp.path, 'logs'), 'no folder');
    const file = new RotatingFile({ path: join(temp.path, 'logs', 'w1.log'), maxBytes: 1_000, maxFiles: 3 });
    expect(() => file.open()).toThrow();
    const error = await new Promise((resolve) => file.write('a\n', resolve));
    expect(error).toBeInstanceOf(Error);
    rmSync(join(temp.path, 'logs'));
    file.writeSync('b\n');
    expect(readFileSync(join(temp.path, 'logs', 'w1.log'), 'utf8')).toBe('b\n');
    file.close();
  });
});
