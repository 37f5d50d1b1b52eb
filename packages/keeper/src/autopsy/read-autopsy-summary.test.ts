import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sampleSummary } from '../../testing/fixtures/autopsy-summary.ts';
import { readAutopsySummary } from './read-autopsy-summary.ts';

it('takes what a worker tells as it is', () => {
  expect(readAutopsySummary(sampleSummary())).toEqual(sampleSummary());
  expect(readAutopsySummary({ ...sampleSummary(), more: 'of a later version' })).toEqual(sampleSummary());
});

it.each([
  null,
  'it leaks',
  [],
  {},
  { ...sampleSummary(), verdict: 'doomed' },
  { ...sampleSummary(), pool: 'constructor' },
  { ...sampleSummary(), isConfirmed: 'yes' },
  { ...sampleSummary(), firstLines: { en: 'it leaks' } },
  { ...sampleSummary(), tookMs: -1 },
  { ...sampleSummary(), pauseMs: Number.NaN },
])('takes nothing from %j', (raw) => {
  expect(readAutopsySummary(raw)).toBeNull();
});

it('takes no tag, no escape, no hidden text, and no path that holds one', () => {
  const summary = readAutopsySummary({
    ...sampleSummary(),
    route: '\u001b[31mGET /\u001b]0;title\u0007<script>\n/x\u202e',
    reportFile: '/srv/\u001b[2Jreport.json',
    snapshotFile: `/${'a'.repeat(2_000)}`,
    firstLines: { en: 'one\ntwo\r\u0000three', zh: '' },
  });
  expect(summary).toMatchObject({
    route: 'GET /‹script› /x',
    reportFile: null,
    snapshotFile: null,
    firstLines: { en: 'one\ntwothree', zh: '' },
  });
});

it('answers in its bounds, whatever comes', () => {
  const anything = fc.record(
    Object.fromEntries(
      Object.entries(sampleSummary()).map(([name, value]) => {
        const text = fc.string({ maxLength: 3_000, unit: 'binary' });
        const texts = fc.record({ en: text, zh: text }, { requiredKeys: [] });
        return [name, fc.oneof(fc.constant(value), fc.anything(), text, texts)];
      }),
    ),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(anything, (raw) => {
      const summary = readAutopsySummary(raw);
      const text = JSON.stringify(summary);
      expect(text.length).toBeLessThan(16_000);
      expect(text).not.toMatch(/[<>]|\\u00[01]/);
      if (summary !== null) expect(readAutopsySummary(summary)).toEqual(summary);
    }),
    { numRuns: 300 },
  );
});
