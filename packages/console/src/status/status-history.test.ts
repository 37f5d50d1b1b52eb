import { expect, test } from 'vitest';
import { sampleProcess, sampleStatus } from '../../testing/sample-status.ts';
import { StatusHistory } from './status-history.ts';

const start = Date.parse('2026-11-20T04:00:00Z');
const later = (seconds: number, changes = {}) =>
  sampleStatus({ at: new Date(start + seconds * 1_000).toISOString(), ...changes });

test('a day of reports takes no more room than 15 minutes of them', () => {
  const history = new StatusHistory(2);
  for (let seconds = 0; seconds < 24 * 3_600; seconds += 60) history.record(later(seconds));
  expect(history.total.length).toBe(451);
  expect(history.of('w1')?.length).toBe(451);
});

test('the whole server is what all its processes use and serve', () => {
  const history = new StatusHistory(2);
  history.record(later(0, { used: 300, processes: [sampleProcess(), sampleProcess({ id: 'w2' })] }));
  expect(history.total.column('memory')[0]).toBe(300);
  expect(history.total.column('requestsPerSecond')[0]).toBe(302);
});

test('a process that is gone is forgotten, and a flood of processes is bounded', () => {
  const history = new StatusHistory(2);
  history.record(later(0));
  history.record(later(2, { processes: [sampleProcess()] }));
  expect(history.of('w2')).toBeUndefined();
  const flood = Array.from({ length: 200 }, (_, index) => sampleProcess({ id: `w${index}` }));
  history.record(later(4, { processes: flood }));
  expect(history.of('w63')).toBeDefined();
  expect(history.of('w64')).toBeUndefined();
});

test('the same report twice is one sample', () => {
  const history = new StatusHistory(2);
  history.record(later(0));
  history.record(later(0));
  expect(history.total.length).toBe(1);
});

test('a server clock that was set back begins a new time axis', () => {
  const history = new StatusHistory(2);
  history.record(later(100));
  history.record(later(0));
  history.record(later(2));
  expect([...history.total.column('at')]).toEqual([start / 1_000, start / 1_000 + 2]);
});
