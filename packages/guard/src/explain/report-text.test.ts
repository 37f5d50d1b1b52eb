import { expect, it } from 'vitest';
import { sampleReport } from '../../fixtures/sample-report.ts';
import { renderLeakReport } from './report-text.ts';

it('says first what to look at, then why', () => {
  const text = renderLeakReport(sampleReport(), 'en');
  expect(text).toContain('Pool **external**: **leaking** (probability 97 %');
  expect(text.indexOf('Route: **POST /orders**')).toBeGreaterThan(0);
  expect(text.indexOf('Route: **POST /orders**')).toBeLessThan(text.indexOf('## Routes'));
  expect(text).toContain('Place: **onOrder (src/orders.ts:18:3)**');
  expect(text).toContain('its 812 requests explain 80 % of it');
  expect(text).toContain('through observe of prom-client');
  expect(text).toContain('- Timeout: 3 → 50');
  expect(text).toContain('about 310 ms, and 150 ms are allowed');
  expect(text).toContain('- Buffers: 86.8 MiB live of 238.4 MiB; at least 57.2 MiB more than 4 min before');
  expect(text).toContain('None was taken: it needs up to 762.9 MiB of memory, and 286.1 MiB are left.');
});

it.each(['en', 'zh-CN'] as const)('fills every sentence in %s', (language) => {
  const text = renderLeakReport(sampleReport(), language);
  expect(text).not.toMatch(/\{\w+\}|undefined|NaN|\[object/);
  expect(text.split('\n').every((line) => line.length < 400)).toBe(true);
  if (language === 'zh-CN') expect(text).toContain('路由：**POST /orders**');
});

it('says so when nothing can be named', () => {
  const lookFirst = { route: null, constructorName: null, site: null, package: null };
  const text = renderLeakReport(
    sampleReport({ verdict: null, lookFirst, routes: [], sites: [], piles: [], handles: {}, refused: [] }),
    'en',
  );
  expect(text).toContain('Nothing can be named.');
  expect(text).not.toContain('## Routes');
});
