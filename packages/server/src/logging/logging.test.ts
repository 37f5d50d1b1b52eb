import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineBuffer, type LineTarget } from './line-buffer.ts';
import { createLogger } from './logger.ts';
import { redact } from './redact.ts';
import { RotatingFile } from './rotating-file.ts';

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

  it('counts what a full disk refused and goes on', async () => {
    const disk = heldTarget();
    const lines = new LineBuffer(disk.target, { flushAtLength: 4, flushAfterMs: 1 });
    lines.write('a\n');
    lines.write('b\n');
    disk.finish(new Error('ENOSPC'));
    expect(lines.dropped).toBe(2);
    lines.write('c\n');
    await waitUntil('the next write', () => disk.written.length === 2);
    expect(disk.written[1]).toBe('c\n');
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
});

describe('what is logged', () => {
  const secrets = {
    Authorization: 'Bearer topsecret',
    headers: { cookie: 'topsecret', 'X-Metrics-Token': 'topsecret' },
    session_key: 'topsecret==',
    body: [{ code: 'topsecret0aB', phoneNumber: 'topsecret' }],
    url: '/api/login?code=topsecret&x=topsecret',
    message: 'asked https://api.weixin.qq.com/sns?appid=1&secret=topsecret',
    token: 'topsecret',
    note: 'call 13812345678 or use eyJhbGciOiJI.eyJzaWQi.topsecret',
  };

  it('carries no secret, however deep and whatever it is called', () => {
    const text = JSON.stringify(redact(secrets));
    expect(text).not.toMatch(/topsecret|13812345678/);
    expect(text).toContain('/api/login?code=***');
  });

  it('keeps the codes of errors, their causes and stacks', () => {
    const cause = Object.assign(new Error('no ?token=topsecret'), { code: 'ECONNREFUSED' });
    const logged = redact(new Error('outer', { cause })) as Record<string, Record<string, unknown>>;
    expect(logged).toMatchObject({
      message: 'outer',
      cause: { code: 'ECONNREFUSED', message: 'no ?token=***' },
    });
    expect(logged.stack).toContain('logging.test.ts');
  });

  it('is bounded for any object, cycles included', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(JSON.stringify(redact(cycle)).length).toBeLessThan(200);
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, maxDepth: 8 }),
        (thing) => {
          JSON.stringify(redact(thing));
        },
      ),
    );
  });

  it('goes through the logger as lines of JSON', async () => {
    const disk = heldTarget();
    const lines = new LineBuffer(disk.target);
    const log = createLogger(lines, { level: 'info', workerId: 'w1' });
    log.debug('not this');
    log.error({ err: new Error('boom'), token: 'topsecret' }, 'it failed for 13812345678');
    log.warn(new Error('alone'));
    await lines.close();
    const [failed, alone] = disk.written
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(failed).toMatchObject({
      level: 50,
      worker: 'w1',
      token: '***',
      msg: 'it failed for ***',
      err: { message: 'boom' },
    });
    expect(alone).toMatchObject({ level: 40, err: { message: 'alone' } });
  });
});
