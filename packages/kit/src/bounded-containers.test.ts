import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCache } from './byte-cache.ts';
import { createManualClock } from './clock.ts';
import { PassingSet } from './passing-set.ts';
import { RecentMap } from './recent-map.ts';
import { RingBuffer } from './ring-buffer.ts';

const cacheOf = (maxBytes: number, clock = createManualClock()) =>
  new ByteCache<string>({ maxBytes, sizeOf: (value) => value.length, ttlMs: 1_000, clock });

describe('ByteCache', () => {
  it('drops the least recently used entry when the bytes run out', () => {
    const cache = cacheOf(3 * (140 + 2 + 100));
    for (const key of ['a', 'b', 'c']) cache.set(key, 'x'.repeat(100));
    cache.get('a');
    cache.set('d', 'x'.repeat(100));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
    expect(cache.stats()).toMatchObject({ entries: 3, evictions: 1 });
  });

  it('keeps what comes also where all that is there is in use, and what was asked for since the last time longest', () => {
    const cache = cacheOf(3 * (140 + 2 + 100));
    for (const key of ['a', 'b', 'c']) cache.set(key, 'x'.repeat(100));
    for (const key of ['a', 'b', 'c']) cache.get(key);
    cache.set('d', 'x'.repeat(100));
    cache.get('b');
    cache.set('e', 'x'.repeat(100));
    expect(cache.stats()).toMatchObject({ entries: 3, evictions: 2 });
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => cache.get(key) !== undefined)).toEqual(['b', 'd', 'e']);
  });

  it('does not keep a value larger than itself, and forgets the one it would replace', () => {
    const cache = cacheOf(1_000);
    cache.set('a', 'small');
    expect(cache.set('a', 'x'.repeat(2_000))).toBe(false);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.stats().bytes).toBe(0);
  });

  it('forgets what has expired', () => {
    const clock = createManualClock();
    const cache = cacheOf(10_000, clock);
    cache.set('short', 'v', 10);
    cache.set('long', 'v');
    clock.advance(10);
    expect(cache.get('short')).toBeUndefined();
    expect(cache.get('long')).toBe('v');
  });

  it('drops by prefix', () => {
    const cache = cacheOf(10_000);
    for (const key of ['products:1', 'products:2', 'orders:1']) cache.set(key, 'v');
    expect(cache.deleteByPrefix('products:')).toBe(2);
    expect(cache.get('orders:1')).toBe('v');
  });

  it('never holds more bytes than its bound, whatever is done to it', () => {
    const operation = fc.record({ key: fc.string({ maxLength: 4 }), size: fc.nat(600), drop: fc.boolean() });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const cache = cacheOf(2_000);
        for (const { key, size, drop } of operations) {
          if (drop) cache.delete(key);
          else cache.set(key, 'x'.repeat(size));
          expect(cache.stats().bytes).toBeLessThanOrEqual(2_000);
        }
        cache.clear();
        expect(cache.stats().bytes).toBe(0);
      }),
    );
  });

  it.each([-1, 1.5, Number.NaN])('refuses a bound of %d', (maxBytes) => {
    expect(() => cacheOf(maxBytes)).toThrow(RangeError);
  });
});

describe('RingBuffer', () => {
  it('holds the last values in order, like the tail of a plain array', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer()), (capacity, values) => {
        const ring = new RingBuffer<number>(capacity);
        for (const value of values) ring.push(value);
        expect([...ring]).toEqual(values.slice(-capacity));
        expect(ring.at(-1)).toBe(values.at(-1));
        expect(ring.at(capacity)).toBeUndefined();
      }),
    );
  });

  it('starts anew after clear', () => {
    const ring = new RingBuffer<number>(2);
    ring.push(1);
    ring.push(2);
    ring.push(3);
    ring.clear();
    ring.push(4);
    expect([...ring]).toEqual([4]);
  });

  it.each([0, -1, 2.5])('refuses a capacity of %d', (capacity) => {
    expect(() => new RingBuffer(capacity)).toThrow(RangeError);
  });
});

describe('RecentMap', () => {
  it('drops what was used longest ago', () => {
    const map = new RecentMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    expect(map.get('a')).toBe(1);
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([1, undefined, 3, 2]);
    map.set('a', 4);
    expect([map.get('a'), map.size]).toEqual([4, 2]);
    expect([map.delete('a'), map.delete('a'), map.size]).toEqual([true, false, 1]);
    map.clear();
    expect(map.size).toBe(0);
  });

  it('drops one also where all are in use, and never what has just come', () => {
    const map = new RecentMap<string, number>(2);
    for (const key of ['a', 'b']) map.set(key, 1);
    for (const key of ['a', 'b']) map.get(key);
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([undefined, 1, 3, 2]);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %d', (capacity) => {
    expect(() => new RecentMap(capacity)).toThrow(RangeError);
  });
});

describe('PassingSet', () => {
  it('has what a Set would have', () => {
    const operation = fc.record({ item: fc.nat(20), isAdded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const [passing, plain] = [new PassingSet<number>(), new Set<number>()];
        for (const { item, isAdded } of operations) {
          if (!isAdded) expect(passing.delete(item)).toBe(plain.delete(item));
          else if (!plain.has(item)) {
            passing.add(item);
            plain.add(item);
          }
          expect(passing.size).toBe(plain.size);
          expect(new Set(passing.items())).toEqual(plain);
        }
      }),
    );
  });
});
