import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RouteCounts } from './route-counts.ts';

function createTotals(count: number) {
  const totals = Array<number>(count).fill(0);
  return {
    get total() {
      return totals.reduce((sum, each) => sum + each, 0);
    },
    routeCount: count,
    totalOf: (route: number) => totals[route] ?? 0,
    add(route: number, requests: number) {
      totals[route] = (totals[route] ?? 0) + requests;
    },
  };
}

describe('counts by route', () => {
  it('tell busy routes apart and put the rest together', () => {
    const totals = createTotals(3);
    const counts = new RouteCounts(totals);
    totals.add(0, 5);
    totals.add(1, 100);
    totals.add(2, 60);
    counts.follow();
    totals.add(1, 10);
    totals.add(2, 1);
    // What came before a route had its place stays with the rest: no count ever falls.
    expect(counts.read()).toEqual([10, 1, 0, 0, 0, 0, 0, 165]);
  });

  it('never are more than eight, whatever the number of routes', () => {
    const totals = createTotals(500);
    const counts = new RouteCounts(totals);
    for (let route = 0; route < 500; route += 1) totals.add(route, 30 + route);
    counts.follow();
    expect(counts.read()).toHaveLength(8);
    totals.add(499, 7);
    expect(counts.read()[0]).toBe(7);
  });

  it('give the place of a route that went idle to one that became busy', () => {
    const totals = createTotals(8);
    const counts = new RouteCounts(totals);
    for (let route = 0; route < 7; route += 1) totals.add(route, 50);
    counts.follow();
    for (let route = 0; route < 6; route += 1) totals.add(route, 50);
    totals.add(7, 100);
    counts.follow();
    const before = counts.read();
    totals.add(7, 9);
    expect(counts.read().map((count, slot) => count - (before[slot] ?? 0))).toEqual([0, 0, 0, 0, 0, 0, 9, 0]);
  });

  it('never fall, and add up to the total', () => {
    const step = fc.tuple(fc.nat(30), fc.nat(200), fc.boolean());
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const totals = createTotals(31);
        const counts = new RouteCounts(totals);
        let before = counts.read();
        for (const [route, requests, follows] of steps) {
          totals.add(route, requests);
          if (follows) counts.follow();
          const now = counts.read();
          expect(now.every((count, slot) => count >= (before[slot] ?? 0))).toBe(true);
          expect(now.reduce((sum, count) => sum + count, 0)).toBe(totals.total);
          before = now;
        }
      }),
    );
  });
});
