import { HOUR } from '@maque/kit';
import { expect, it } from 'vitest';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { reportNote } from './report-note.ts';
import { reportHeadlines } from './report-text.ts';

const report = sampleReport();
const made = { report, headlines: reportHeadlines(report, 'en'), file: '/data/leak-reports/leak.json' };
const madeAt = Date.parse(report.at);

it('says what a report names, and where it lies', () => {
  expect(reportNote(made, madeAt + 1_000)?.split('\n')).toEqual(
    expect.arrayContaining(['Route: POST /orders', 'Place: onOrder (src/orders.ts:18:3)', made.file]),
  );
  expect(reportNote({ ...made, file: null }, madeAt)).not.toContain('leak.json');
});

it('says nothing of a leak of long ago', () => {
  expect(reportNote(made, madeAt + HOUR + 1)).toBeNull();
  expect(reportNote(null, madeAt)).toBeNull();
});

it('stays short enough for every heartbeat', () => {
  expect(reportNote({ ...made, headlines: ['x'.repeat(5_000)] }, madeAt)).toHaveLength(1_000);
});
