import { expect, it } from 'vitest';
import { sampleSummary } from '../../testing/fixtures/autopsy-summary.ts';
import { autopsyNote, describeAutopsy } from './autopsy-text.ts';

it('says what was found, where that lies, and why there is no snapshot, in one paragraph', () => {
  expect(describeAutopsy(sampleSummary(), 'en')).toBe(
    'JS heap: leaks. Route: POST /orders. Report: /srv/shop/data/leak-reports/leak-20261120T110328-11698.json. ' +
      'No heap snapshot: it needs up to 900 MiB of memory. It took 1.2 s.',
  );
  expect(describeAutopsy(sampleSummary({ snapshotRefusal: null, reportFile: null }), 'zh-CN')).toBe(
    'JS 堆：存在泄漏。路由：POST /orders。用时 1.2 s。',
  );
});

it('gives an alert the first lines and the report', () => {
  expect(autopsyNote(sampleSummary(), 'en').split('\n')).toEqual([
    'JS heap: leaks',
    'Route: POST /orders',
    '/srv/shop/data/leak-reports/leak-20261120T110328-11698.json',
  ]);
});
