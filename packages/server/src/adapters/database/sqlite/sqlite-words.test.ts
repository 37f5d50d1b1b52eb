import { cpuMsOf } from '@maque/testkit/process/cpu-time';
import { expect, it } from 'vitest';
import { wordsOf } from './sqlite-words.ts';

it.each<[string, string]>([
  ['绿茶杯', '绿茶 茶杯 杯'],
  ['茶', '茶'],
  ['iPhone手机 １２８Ｇ', 'iphone 手机 机 128g'],
  ['𠮷野家', '𠮷野 野家 家'],
  ['한국어 ありがとう', '한국 국어 어 あり りが がと とう う'],
  ['— 「 」 !', ''],
])('takes %j for the words %j', (text, words) => {
  expect(wordsOf(text, false)).toBe(words);
});

it.each<[string, string]>([
  ['<p>不<b>锈</b>钢</p><p>杯</p>', '不锈 锈钢 钢 杯'],
  ['a&amp;b &copy; c&nbsp;d', 'a b c d'],
  ['1 < 2 <br> 3 > 2', '1 2 3 2'],
])('takes the HTML %j for the words %j', (html, words) => {
  expect(wordsOf(html, true)).toBe(words);
});

it('takes no longer for what is made to take long', () => {
  const tookMs = cpuMsOf(() => {
    wordsOf('<'.repeat(250_000), true);
    wordsOf('<a '.repeat(80_000), true);
    wordsOf('&a'.repeat(120_000), true);
    // Of NFKC each of these is eighteen characters.
    expect(wordsOf('\uFDFA'.repeat(250_000), false).length).toBeLessThan(120_000);
  });
  // Read to its end from each character it would be minutes.
  expect(tookMs).toBeLessThan(2_000);
});
