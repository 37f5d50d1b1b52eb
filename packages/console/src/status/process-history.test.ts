import { expect, test } from 'vitest';
import { sampleProcess } from '../../testing/sample-status.ts';
import { ProcessHistory } from './process-history.ts';

const at = (history: ProcessHistory) => [...history.column('at')];

test('samples are kept in order, and the oldest go first', () => {
  const history = new ProcessHistory(3);
  for (const second of [1, 2]) history.record(second, sampleProcess());
  expect(at(history)).toEqual([1, 2]);
  for (const second of [3, 4, 5, 6, 7]) {
    history.record(second, sampleProcess());
    expect(at(history)).toEqual([second - 2, second - 1, second]);
  }
  expect(history.length).toBe(3);
});

test('memory is the share where the kernel tells it, and what is resident where not', () => {
  const history = new ProcessHistory(4);
  history.record(1, sampleProcess({ pss: 100, rss: 150 }));
  history.record(2, sampleProcess({ pss: null, rss: 150 }));
  expect([...history.column('memory')]).toEqual([100, 150]);
});

test('what a process does not tell is a gap, not a zero', () => {
  const history = new ProcessHistory(4);
  history.record(1, sampleProcess({ heapUsed: null, requestsPerSecond: null }));
  expect(history.column('heapUsed')[0]).toBeNaN();
  expect(history.column('requestsPerSecond')[0]).toBeNaN();
});

test('a new pid is a restart; restarts are bounded', () => {
  const history = new ProcessHistory(100);
  history.record(1, sampleProcess({ pid: 10 }));
  history.record(2, sampleProcess({ pid: 10 }));
  history.record(3, sampleProcess({ pid: 11 }));
  expect(history.restarts).toEqual([3]);
  for (let second = 4; second < 60; second += 1) history.record(second, sampleProcess({ pid: 100 + second }));
  expect(history.restarts).toHaveLength(16);
  expect(history.restarts.at(-1)).toBe(59);
});

test.each([0, -1, 1.5, Number.NaN])('a capacity of %s is refused', (capacity) => {
  expect(() => new ProcessHistory(capacity)).toThrow(RangeError);
});
