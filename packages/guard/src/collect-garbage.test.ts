import { describe, expect, it } from 'vitest';
import { Collector, collectGarbage } from './collect-garbage.ts';

describe('collectGarbage', () => {
  it('frees what nobody holds, says how long it took, and leaves no gc() behind', () => {
    let held: unknown[] | undefined = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    const before = process.memoryUsage().heapUsed;
    expect(held).toHaveLength(200_000);
    held = undefined;
    expect(collectGarbage()).toBeGreaterThan(0);
    expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(3 * 1024 * 1024);
    expect('gc' in globalThis).toBe(false);
  });
});

describe('a collector', () => {
  it('collects the old generation or the young one, as often as it is asked', () => {
    const collector = new Collector();
    const used = (): number => process.memoryUsage().heapUsed;
    let old: unknown[] | undefined = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    expect(old).toHaveLength(200_000);
    collector.minor();
    collector.minor();
    old = undefined;
    collector.minor();
    const before = used();
    expect(collector.major()).toBeGreaterThan(0);
    expect(before - used()).toBeGreaterThan(3 * 1024 * 1024);
    expect('gc' in globalThis).toBe(false);
  });
});
