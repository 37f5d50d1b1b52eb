import { readFileSync } from 'node:fs';
import { createManualClock, KiB, MiB, systemClock } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { readerOf } from '../../fixtures/file-texts.ts';
import { createFileReader } from './file-reader.ts';
import { createProcessMemoryReader, pageSizeFrom, parseStatm } from './process-memory.ts';

describe('process memory', () => {
  it('agrees with what the kernel says of this process', () => {
    const files = createFileReader();
    const memory = createProcessMemoryReader(files, systemClock)();
    const status = readFileSync('/proc/self/status', 'utf8');
    const bytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * KiB;
    files.close();
    expect(Math.abs((memory.rss ?? 0) - bytes('VmRSS'))).toBeLessThan(2 * MiB);
    expect(Math.abs((memory.anonymous ?? 0) - bytes('RssAnon'))).toBeLessThan(2 * MiB);
    expect(memory.heapUsed).toBeGreaterThan(MiB);
    expect(memory.heapTotal).toBeGreaterThanOrEqual(memory.heapUsed);
    expect(memory.external).toBeGreaterThanOrEqual(memory.arrayBuffers ?? 0);
  });

  it('does without /proc', () => {
    const memory = createProcessMemoryReader(readerOf({}), createManualClock())();
    expect(memory.anonymous).toBeNull();
    expect(memory.rss).toBeGreaterThan(MiB);
    expect(memory.heapUsed).toBeGreaterThan(MiB);
  });

  it('reads resident and anonymous pages', () => {
    expect(parseStatm('250000 14000 9500 12 0 30000 0\n')).toEqual({ resident: 14000, anonymous: 4500 });
  });

  it.each(['', 'a b c', '1 0 0', '1 2', 'NaN -5 -6'])('knows nothing from %j', (text) => {
    expect(parseStatm(text)).toBeNull();
  });

  it.each([4, 16, 64])(
    'finds pages of %i KiB, although the two readings differ by what came between',
    (kibibytes) => {
      expect(pageSizeFrom(14_300 * kibibytes * KiB, 14_000)).toBe(kibibytes * KiB);
    },
  );
});
