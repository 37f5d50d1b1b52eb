import { describe, expect, it } from 'vitest';
import { Series } from './series.ts';

const columns = { level: 'min', peak: 'max', load: 'mean', count: 'last' } as const;
const point = (value: number | null) => ({ level: value, peak: value, load: value, count: value });

describe('Series', () => {
  it('makes one row of the points of one step, each column in its own way', () => {
    const series = new Series({ columns, stepMs: 1000, rows: 10 });
    for (const [index, value] of [4, 1, 7].entries()) series.add(index * 100, point(value));
    series.add(1000, point(5));
    expect(series.read(0)).toEqual([
      { level: 1, peak: 7, load: 4, count: 7 },
      { level: 5, peak: 5, load: 5, count: 5 },
    ]);
  });

  it('leaves out what is missing, without spoiling what is there', () => {
    const series = new Series({ columns, stepMs: 1000, rows: 10 });
    for (const [index, value] of [null, 4, Number.NaN, 8].entries()) series.add(index, point(value));
    series.add(1000, point(null));
    series.add(Number.NaN, point(1));
    expect(series.read(0)).toEqual([{ level: 4, peak: 8, load: 6, count: 8 }, point(null)]);
  });

  it('drops the oldest rows when it is full, and does not grow', () => {
    const series = new Series({ columns, stepMs: 1, rows: 5 });
    const before = series.byteLength;
    for (let time = 0; time < 1000; time += 1) series.add(time, point(time));
    expect(series.read(0).map(({ count }) => count)).toEqual([995, 996, 997, 998, 999]);
    expect(series.read(998).map(({ count }) => count)).toEqual([998, 999]);
    expect(series.byteLength).toBe(before);
  });

  it.each([
    [0, 1],
    [1.5, 1],
    [1, 0],
    [1, Number.NaN],
  ])('refuses %s rows of %s ms', (rows, stepMs) => {
    expect(() => new Series({ columns, stepMs, rows })).toThrow(RangeError);
  });
});
