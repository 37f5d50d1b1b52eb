import { DAY, HOUR, MINUTE, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { History } from './history.ts';
import { HISTORY_COLUMNS, type HistoryPoint } from './history-columns.ts';

const pointAt = (uptimeMs: number, change: Partial<HistoryPoint> = {}): HistoryPoint => ({
  ...(Object.fromEntries(Object.keys(HISTORY_COLUMNS).map((column) => [column, 0])) as HistoryPoint),
  uptimeMs,
  ...change,
});

describe('History', () => {
  it('holds 15 minutes of half seconds and a day of minutes in less than a mebibyte', () => {
    const history = new History();
    const before = history.byteLength;
    for (let time = 0; time < DAY; time += 10_000) history.add(time, pointAt(time));
    for (let time = DAY; time < DAY + HOUR; time += 500) history.add(time, pointAt(time));
    const fine = history.read('fine', 0);
    const coarse = history.read('coarse', 0);
    expect(fine).toHaveLength(1800);
    expect((fine.at(-1)?.uptimeMs ?? 0) - (fine[0]?.uptimeMs ?? 0)).toBe(15 * MINUTE - 500);
    expect(coarse).toHaveLength(1440);
    expect((coarse.at(-1)?.uptimeMs ?? 0) - (coarse[0]?.uptimeMs ?? 0)).toBeGreaterThanOrEqual(DAY - MINUTE);
    expect(history.byteLength).toBe(before);
    expect(history.byteLength).toBeLessThanOrEqual(MiB);
  });

  it('keeps, by the minute, the low of what saw-tooths and the high of what hurts', () => {
    const history = new History();
    for (let second = 0; second < 60; second += 1) {
      history.add(second * 1000, pointAt(second * 1000, { heapUsed: 100 + second, loopDelayP99Ms: second }));
    }
    expect(history.read('coarse', 0)).toHaveLength(1);
    expect(history.read('coarse', 0)[0]).toMatchObject({ heapUsed: 100, loopDelayP99Ms: 59 });
  });
});
