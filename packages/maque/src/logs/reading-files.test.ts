import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileFollower } from './file-follower.ts';
import { linesBackwards } from './lines-backwards.ts';

describe('reading a file from its end', () => {
  it('finds the lines that are there, in reverse, however long they are', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'a.log');
    const line = fc.oneof(
      fc.string({ unit: fc.constantFrom('麻', 'a', '\r'), maxLength: 20 }),
      fc.integer({ min: 60_000, max: 140_000 }).map((length) => 'x'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, isFinished) => {
        writeFileSync(path, lines.join('\n') + (isFinished && lines.length > 0 ? '\n' : ''));
        // An empty last line without an end is none.
        const expected = isFinished || lines.at(-1) !== '' ? lines : lines.slice(0, -1);
        expect([...linesBackwards(path)]).toEqual(expected.toReversed());
      }),
      { numRuns: 60 },
    );
  });

  it('finds nothing where there is no file', () => {
    expect([...linesBackwards('/no/such/file')]).toEqual([]);
  });
});

describe('following a file', () => {
  it('reads finished lines only, and only those that come', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'a.log');
    writeFileSync(path, 'old\n');
    using follower = new FileFollower(path);
    expect([...follower.read()]).toEqual([]);
    appendFileSync(path, 'one\n麻');
    expect([...follower.read()]).toEqual(['one']);
    appendFileSync(path, '雀\n\n');
    expect([...follower.read()]).toEqual(['麻雀', '']);
  });

  it('goes on with the next file when it is rotated, and loses nothing of the old one', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'a.log');
    using follower = new FileFollower(path);
    expect([...follower.read()]).toEqual([]);
    writeFileSync(path, 'first\n');
    expect([...follower.read()]).toEqual(['first']);
    appendFileSync(path, 'last of the old\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'first of the new\n');
    expect([...follower.read()]).toEqual(['last of the old', 'first of the new']);
    truncateSync(path);
    expect([...follower.read()]).toEqual([]);
    appendFileSync(path, 'anew\n');
    expect([...follower.read()]).toEqual(['anew']);
    rmSync(path);
    expect([...follower.read()]).toEqual([]);
    writeFileSync(path, 'and again\n');
    expect([...follower.read()]).toEqual(['and again']);
  });

  it('keeps no more than 256 KiB of a line that never ends', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'a.log');
    writeFileSync(path, '');
    using follower = new FileFollower(path);
    appendFileSync(path, Buffer.alloc(1_000_000, 'x'));
    expect([...follower.read()]).toEqual([]);
    appendFileSync(path, '\nnext\n');
    const [long = '', next] = [...follower.read()];
    expect([long.length, next]).toEqual([256 * 1024, 'next']);
  });
});
