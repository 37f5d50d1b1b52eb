import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, GiB, KiB, MiB, parseBytes, parseDuration } from './units.ts';

describe('bytes', () => {
  it.each([
    ['512M', 512 * MiB],
    ['512MiB', 512 * MiB],
    ['1.5 g', 1.5 * GiB],
    ['64kb', 64 * KiB],
    ['1048576', MiB],
    ['0', 0],
  ])('reads %s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', 'M', '-1M', '1,5G', '512X', 'Infinity', '1e9', '99999999T', '512 M M'])(
    'refuses %j',
    (text) => {
      expect(() => parseBytes(text)).toThrow(RangeError);
    },
  );

  it('prints the largest unit that keeps the number at one or more', () => {
    expect([0, 1023, KiB, 364.5 * MiB, 2 * GiB].map((bytes) => formatBytes(bytes))).toEqual([
      '0 B',
      '1023 B',
      '1 KiB',
      '364.5 MiB',
      '2 GiB',
    ]);
  });

  it('reads back what it prints, within the printed precision', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 64 * GiB }), (bytes) => {
        expect(Math.abs(parseBytes(formatBytes(bytes)) - bytes)).toBeLessThanOrEqual(
          Math.max(1, bytes * 0.05),
        );
      }),
    );
  });
});

describe('durations', () => {
  it.each([
    ['250', 250],
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['5 min', 300_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', 's', '-5s', '5 weeks', '1e3s'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });

  it('prints seconds below two minutes, but for a whole one', () => {
    expect([59_900, 60_000, 75_000, 90_400, 120_000, 150_000].map((ms) => formatDuration(ms))).toEqual([
      '59.9 s',
      '1 min',
      '75 s',
      '90 s',
      '2 min',
      '2.5 min',
    ]);
  });

  it('prints the largest unit', () => {
    expect([5, 1_500, 120_000, 10_800_000, 604_800_000].map((ms) => formatDuration(ms))).toEqual([
      '5 ms',
      '1.5 s',
      '2 min',
      '3 h',
      '7 d',
    ]);
  });
});
