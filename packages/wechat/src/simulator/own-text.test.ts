import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { KiB, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { beginningOf } from './own-text.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('the beginning of a text', () => {
  it('is no longer than told, and may be all of it', () => {
    expect(beginningOf('你好吗', 2)).toBe('你好');
    expect(beginningOf('abc', 3)).toBe('abc');
    expect(beginningOf('', 3)).toBe('');
  });

  it('does not keep the rest: 200 of 64 KiB each are 13 MB', () => {
    const before = heapBytes();
    const kept = Array.from({ length: 200 }, (_, index) =>
      beginningOf(Buffer.alloc(64 * KiB, `text ${index} `).toString(), KiB),
    );
    expect(heapBytes() - before).toBeLessThan(4 * MiB);
    expect(kept).toHaveLength(200);
  });
});
