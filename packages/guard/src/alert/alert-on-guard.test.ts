import { HOUR } from '@maque/kit';
import { expect, it } from 'vitest';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { reportNote } from './alert-on-guard.ts';

const report = sampleReport();
const madeAt = Date.parse(report.at);

it('takes what a report names, and where it lies, into the message', () => {
  const note = reportNote({ report, file: '/data/reports/leak.json' }, 'en', madeAt + 1_000);
  expect(note?.split('\n')).toEqual(
    expect.arrayContaining([
      'Route: POST /orders',
      'Place: onOrder (src/orders.ts:18:3)',
      '/data/reports/leak.json',
    ]),
  );
  expect(reportNote({ report, file: null }, 'zh-CN', madeAt)).toContain('路由:POST /orders');
});

it('says nothing of a leak of long ago', () => {
  expect(reportNote({ report, file: null }, 'en', madeAt + HOUR + 1)).toBeNull();
  expect(reportNote(null, 'en', madeAt)).toBeNull();
});
