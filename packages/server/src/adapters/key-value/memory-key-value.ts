import { ByteCache, type Bytes, type Clock, systemClock } from '@maque/kit';
import type { KeyValue, KeyValueEntry } from '../../ports/key-value.ts';

// Byte arrays beyond this live outside the heap, smaller ones in it; both count in full.
const TYPED_ARRAY_OVERHEAD: Bytes = 96;

/** A cache inside this process: the least recently used values go when `maxBytes` are reached. */
export function createMemoryKeyValue({
  maxBytes,
  clock = systemClock,
}: {
  readonly maxBytes: Bytes;
  readonly clock?: Clock;
}): KeyValue {
  const cache = new ByteCache<KeyValueEntry>({ maxBytes, sizeOf, clock });
  return {
    get: (key) => Promise.resolve(cache.get(key)),
    async set(key, value, ttlMs) {
      cache.set(key, value, ttlMs);
    },
    async delete(key) {
      cache.delete(key);
    },
    async deleteByPrefix(prefix) {
      cache.deleteByPrefix(prefix);
    },
    stats: () => cache.stats(),
  };
}

function sizeOf(value: KeyValueEntry): Bytes {
  // A string takes up to two bytes per code unit; an array may be a part of a larger one, which it keeps alive.
  return typeof value === 'string' ? value.length * 2 : value.buffer.byteLength + TYPED_ARRAY_OVERHEAD;
}
