import { createManualClock, KiB, type ManualClock } from '@maque/kit';
import type { KeyValue } from '@maque/server/ports';
import { beforeEach, describe, expect, it } from 'vitest';

const MINUTE_MS = 60_000;

/** What every adapter of the cache port keeps to; `create` makes one of 64 KiB. */
export function describeKeyValue(name: string, create: (clock: ManualClock) => Promise<KeyValue>): void {
  describe(`${name} as a KeyValue`, () => {
    let clock: ManualClock;
    let store: KeyValue;

    beforeEach(async () => {
      clock = createManualClock();
      store = await create(clock);
    });

    it('gives back text and bytes as they were set', async () => {
      await store.set('text', '茶', MINUTE_MS);
      await store.set('bytes', Uint8Array.of(0, 255, 128), MINUTE_MS);
      expect(await store.get('text')).toBe('茶');
      expect(Buffer.from((await store.get('bytes')) as Uint8Array)).toEqual(Buffer.from([0, 255, 128]));
      expect(await store.get('nothing')).toBeUndefined();
    });

    it('replaces, deletes and forgets after the time to live', async () => {
      await store.set('a', '1', MINUTE_MS);
      await store.set('a', '2', MINUTE_MS);
      expect(await store.get('a')).toBe('2');
      await store.delete('a');
      expect(await store.get('a')).toBeUndefined();
      await store.set('b', '3', 1_000);
      clock.advance(999);
      expect(await store.get('b')).toBe('3');
      clock.advance(1);
      expect(await store.get('b')).toBeUndefined();
    });

    it('drops a prefix and nothing else', async () => {
      await store.set('list:a:1', '1', MINUTE_MS);
      await store.set('list:a:2', '2', MINUTE_MS);
      await store.set('list:ab', '3', MINUTE_MS);
      await store.deleteByPrefix('list:a:');
      expect(await store.get('list:a:1')).toBeUndefined();
      expect(await store.get('list:a:2')).toBeUndefined();
      expect(await store.get('list:ab')).toBe('3');
    });

    it('stays within its bytes and drops what was used longest ago', async () => {
      for (let index = 0; index < 50; index += 1) {
        await store.set(`k${index}`, new Uint8Array(4 * KiB), MINUTE_MS);
        await store.get('k0');
      }
      const { bytes, maxBytes, evictions, hits } = store.stats();
      expect(bytes).toBeLessThanOrEqual(maxBytes);
      expect(evictions).toBeGreaterThan(0);
      expect(hits).toBe(50);
      expect(await store.get('k0')).toBeDefined();
      expect(await store.get('k1')).toBeUndefined();
    });

    it('does not keep a value larger than itself, and stays usable', async () => {
      await store.set('small', 'x', MINUTE_MS);
      await store.set('large', new Uint8Array(1024 * KiB), MINUTE_MS);
      expect(await store.get('large')).toBeUndefined();
      expect(await store.get('small')).toBe('x');
    });
  });
}
