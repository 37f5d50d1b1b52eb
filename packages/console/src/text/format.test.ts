import { expect, test } from 'vitest';
import {
  formatBytes,
  formatLimit,
  formatMilliseconds,
  formatPercent,
  formatRate,
  formatUptime,
} from './format.ts';
import { sayIn } from './language.ts';
import { texts } from './texts.ts';

const MiB = 1024 * 1024;
const minute = 60_000;

test('numbers are short and carry their unit', () => {
  expect([0, 312.44 * MiB, 1.25 * 1024 * MiB].map(formatBytes)).toEqual(['0 KiB', '312.4 MiB', '1.25 GiB']);
  expect([512 * MiB, 85.5 * MiB, 2048 * MiB].map(formatLimit)).toEqual(['512 MiB', '85.5 MiB', '2 GiB']);
  expect([0.84, 12.34, 480.4, 1_250].map(formatMilliseconds)).toEqual([
    '0.84 ms',
    '12.3 ms',
    '480 ms',
    '1.25 s',
  ]);
  expect([0, 12.34, 1_204.4].map(formatRate)).toEqual(['0', '12.3', '1,204']);
  expect(formatPercent(0.4249)).toBe('42 %');
});

test('what is not known is a dash', () => {
  expect([formatBytes, formatMilliseconds, formatRate, formatPercent].map((format) => format(null))).toEqual([
    '–',
    '–',
    '–',
    '–',
  ]);
  expect(formatBytes(Number.NaN)).toBe('–');
});

test('uptime in both languages', () => {
  const spans = [42_000, 7 * minute, 192 * minute, 7_684 * minute, -5];
  expect(spans.map((span) => formatUptime(span, sayIn('en')))).toEqual([
    '42 s',
    '7 min',
    '3 h 12 min',
    '5 d 8 h',
    '0 s',
  ]);
  expect(formatUptime(192 * minute, sayIn('zh-CN'))).toBe('3 小时 12 分');
});

test('both languages fill in the same data', () => {
  const names = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [key, text] of Object.entries(texts)) expect(names(text.zh), key).toEqual(names(text.en));
});
