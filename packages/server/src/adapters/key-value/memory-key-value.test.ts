import { KiB } from '@maque/kit';
import { describeKeyValue } from '@maque/testkit/conformance/key-value-conformance';
import { describe, expect, it } from 'vitest';
import { createMemoryKeyValue } from './memory-key-value.ts';

describeKeyValue('memory', async (clock) => createMemoryKeyValue({ maxBytes: 64 * KiB, clock }));

describe('the cache in memory', () => {
  it('counts the whole buffer that a part of it keeps alive', async () => {
    const store = createMemoryKeyValue({ maxBytes: 64 * KiB });
    await store.set('part', new Uint8Array(60 * KiB).subarray(0, 10), 1_000);
    expect(store.stats().bytes).toBeGreaterThan(60 * KiB);
  });
});
