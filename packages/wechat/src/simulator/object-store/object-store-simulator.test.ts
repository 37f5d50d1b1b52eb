import { createManualClock, KiB, type ManualClock, MINUTE } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createObjectStore, type ObjectStore, type PostForm } from '../../object-store/index.ts';
import { createObjectStoreSimulator, type ObjectStoreSimulator } from './index.ts';

const ACCOUNT = {
  bucket: 'shop-1250000000',
  region: 'cn-hangzhou',
  keyId: 'AKIDtest',
  keySecret: 'keysecret',
};

async function* chunks(...parts: (string | Buffer | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

async function post({ url, fields }: PostForm, content: string, changes: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, ...changes })) form.append(name, value);
  form.append('file', new Blob([content], { type: 'image/gif' }), '照片.jpg');
  const response = await fetch(url, { method: 'POST', body: form });
  const text = await response.text();
  return { status: response.status, code: /<Code>(.*)<\/Code>/.exec(text)?.[1], text };
}

describe.each(['cos', 'oss', 's3'] as const)('%s', (kind) => {
  let clock: ManualClock;
  let simulator: ObjectStoreSimulator;
  let store: ObjectStore;
  const storeWith = (changes: object = {}) =>
    createObjectStore({ kind, ...ACCOUNT, endpoint: simulator.url, clock, fetch, ...changes });

  beforeEach(async () => {
    clock = createManualClock();
    const limits = { maxObjects: 20, maxBytes: 600 * KiB };
    simulator = await createObjectStoreSimulator({ kind, ...ACCOUNT, clock, ...limits });
    store = storeWith();
  });
  afterEach(() => simulator.close());

  const read = async (key: string, range?: { start: number; end: number }) => {
    const opened = await store.get(key, range);
    return opened === undefined ? undefined : (await opened.content.toArray()).join('');
  };

  describe('objects', () => {
    it('are kept and given back, whole and in part, with any name', async () => {
      const key = "u/42/头像 (1)'!*~+&=%2F?#.jpg";
      await store.put(key, chunks('0123', '456789'), 10, { contentType: 'text/plain' });
      expect(await store.head(key)).toEqual({
        bytes: 10,
        modifiedAtMs: clock.now(),
        contentType: 'text/plain',
      });
      expect(await read(key)).toBe('0123456789');
      expect(await read(key, { start: 2, end: 4 })).toBe('234');
      expect((await store.get(key, { start: 2, end: 4 }))?.facts.bytes).toBe(10);
      expect(simulator.keys()).toEqual([key]);
    });

    it('are copied and deleted', async () => {
      await store.put('照片/a b', chunks('abc'), 3, { contentType: 'image/png' });
      expect(await store.copy('照片/a b', 'c', { contentType: 'image/gif' })).toBe(true);
      await store.delete('照片/a b');
      await store.delete('照片/a b');
      expect(await store.head('照片/a b')).toBeUndefined();
      expect(await read('照片/a b')).toBeUndefined();
      expect(await read('c')).toBe('abc');
      expect((await store.head('c'))?.contentType).toBe('image/gif');
      expect(await store.copy('nothing', 'd', { contentType: 'image/gif' })).toBe(false);
    });

    it('may be empty', async () => {
      await store.put('empty', chunks(), 0);
      expect(await read('empty')).toBe('');
    });

    it('have no bytes after their end', async () => {
      await store.put('a', chunks('abc'), 3);
      await expect(store.get('a', { start: 3, end: 5 })).rejects.toMatchObject({
        code: 'STORE_RANGE_INVALID',
      });
      expect(await read('a', { start: 1, end: 5 })).toBe('bc');
      // OSS is asked for that; left alone it gives all of the object, which is what browsers see with a link.
      const link = store.signedUrl('a', { expiresInMs: MINUTE });
      const beyond = await fetch(link, { headers: { range: 'bytes=1-5' } });
      expect([beyond.status, await beyond.text()]).toEqual(kind === 'oss' ? [200, 'abc'] : [206, 'bc']);
    });

    it('are not kept when they are shorter or longer than announced, or break off', async () => {
      for (const content of [chunks('ab'), chunks('ab', 'cd')]) {
        await expect(store.put('a', content, 3)).rejects.toMatchObject({ code: 'STORE_CONTENT_WRONG' });
      }
      const cut = store.put('a', chunks('a', new Error('cut')), 3);
      await expect(cut).rejects.toThrow('cut');
      expect(simulator.keys()).toEqual([]);
    });

    it('are only so many, and only so large together', async () => {
      const large = Buffer.alloc(400 * KiB);
      await store.put('a', chunks(large), large.length);
      await expect(store.put('b', chunks(large), large.length)).rejects.toMatchObject({
        code: 'STORE_BUSY',
        data: { httpStatus: 507 },
      });
      for (let more = 1; more < 20; more += 1) await store.put(`s${more}`, chunks('x'), 1);
      await expect(store.put('s20', chunks('x'), 1)).rejects.toMatchObject({ code: 'STORE_BUSY' });
      await store.delete('a');
      await store.put('s20', chunks(large), large.length);
    });
  });

  describe('a link', () => {
    it('opens one object as what its signer says, for so long', async () => {
      await store.put('u/茶.bin', chunks('tea'), 3, { contentType: 'image/jpeg' });
      const query = { 'response-content-disposition': 'inline' };
      const link = store.signedUrl('u/茶.bin', { expiresInMs: 10 * MINUTE, query });
      const response = await fetch(link, { headers: { range: 'bytes=1-' } });
      expect([response.status, await response.text()]).toEqual([206, 'ea']);
      expect(response.headers.get('content-type')).toBe('image/jpeg');
      expect(response.headers.get('content-disposition')).toBe('inline');

      const statuses = await Promise.all(
        [link.replace('inline', 'attachment'), link.replace('%E8%8C%B6', 'x'), link.split('?')[0] ?? ''].map(
          async (changed) => (await fetch(changed)).status,
        ),
      );
      expect(statuses).toEqual([403, 403, 403]);
      expect((await fetch(link, { method: 'DELETE' })).status).toBe(403);
      clock.advance(10 * MINUTE + 2_000);
      expect((await fetch(link)).status).toBe(403);
    });

    it('says what the object is where the store lets it', async () => {
      await store.put('a', chunks('tea'), 3, { contentType: 'image/jpeg' });
      const query = { 'response-content-type': 'text/html' };
      const response = await fetch(store.signedUrl('a', { expiresInMs: MINUTE, query }));
      const code = /<Code>(.*)<\/Code>/.exec(await response.text())?.[1];
      expect([response.status, code]).toEqual(kind === 'oss' ? [400, 'InvalidRequest'] : [200, undefined]);
      if (kind !== 'oss') expect(response.headers.get('content-type')).toBe('text/html');
    });

    it('is the same when it is signed for the same time', () => {
      const options = { expiresInMs: MINUTE, signedAtMs: clock.now() };
      const link = store.signedUrl('a', options);
      clock.advance(5_000);
      expect(store.signedUrl('a', options)).toBe(link);
      expect(store.signedUrl('a', { expiresInMs: MINUTE })).not.toBe(link);
    });
  });

  describe('a form', () => {
    const form = (changes: object = {}) =>
      store.postForm({
        key: 'u/42/a.jpg',
        maxBytes: 10,
        contentType: 'image/jpeg',
        expiresInMs: 10 * MINUTE,
        ...changes,
      });

    it('brings one object, as what the form says and not the sender', async () => {
      expect((await post(form(), '0123456789')).status).toBe(200);
      expect(await store.head('u/42/a.jpg')).toMatchObject({ bytes: 10, contentType: 'image/jpeg' });
    });

    it('may leave the name to the sender, below a prefix', async () => {
      const request = { keyPrefix: 'u/42/', maxBytes: 10, expiresInMs: MINUTE };
      expect((await post(store.postForm(request), 'abc')).status).toBe(200);
      expect((await post(store.postForm(request), 'abc', { key: 'u/42/other' })).status).toBe(200);
      expect(await post(store.postForm(request), 'abc', { key: 'u/43/other' })).toMatchObject({
        status: 403,
        code: 'AccessDenied',
      });
      expect(simulator.keys()).toEqual(['u/42/照片.jpg', 'u/42/other']);
    });

    it.each([
      ['another key', { key: 'u/43/a.jpg' }, 403, 'AccessDenied'],
      ['another kind', { 'Content-Type': 'text/html' }, 403, 'AccessDenied'],
      ['a policy of its own', { policy: Buffer.from('{}').toString('base64') }, 403, 'SignatureDoesNotMatch'],
    ])('is not taken with %s', async (_, changes, status, code) => {
      expect(await post(form(), 'abc', changes)).toMatchObject({ status, code });
      expect(simulator.keys()).toEqual([]);
    });

    it('is not taken with too much, with nothing, and when it is late', async () => {
      const large = 'x'.repeat(300 * KiB);
      expect(await post(form(), large)).toMatchObject({ status: 400, code: 'EntityTooLarge' });
      expect(await post(form(), '')).toMatchObject({ status: 400, code: 'EntityTooSmall' });
      const late = form();
      clock.advance(10 * MINUTE + 1);
      expect(await post(late, 'abc')).toMatchObject({ status: 403, code: 'AccessDenied' });
      expect(simulator.keys()).toEqual([]);
    });

    it('is not taken from somebody without the key', async () => {
      const stranger = storeWith({ keySecret: 'guessed' }).postForm({
        key: 'a',
        maxBytes: 9,
        expiresInMs: MINUTE,
      });
      expect(await post(stranger, 'abc')).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
      const other = storeWith({ keyId: 'other' }).postForm({ key: 'a', maxBytes: 9, expiresInMs: MINUTE });
      expect(await post(other, 'abc')).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' });
    });
  });

  it('tells a wrong key, a wrong clock and a wrong bucket apart, and nothing of the secret', async () => {
    await store.put('a', chunks('a'), 1);
    const denied = storeWith({ keySecret: 'not the secret' }).get('a');
    await expect(denied).rejects.toMatchObject({
      code: 'STORE_DENIED',
      data: { storeCode: 'SignatureDoesNotMatch' },
    });
    await denied.catch((error: Error) => {
      expect(JSON.stringify([error, error.message, error.stack])).not.toMatch(
        /not the secret|Signature=|q-sig/,
      );
    });
    clock.advance(20 * MINUTE);
    const slow = { now: () => clock.now() - 20 * MINUTE, monotonic: clock.monotonic };
    await expect(storeWith({ clock: slow }).get('a')).rejects.toMatchObject({ code: 'STORE_CLOCK_SKEWED' });
    const elsewhere = storeWith({ bucket: 'other-1250000000' }).get('a');
    // COS and OSS take the bucket from the address, which is the simulator's.
    if (kind === 's3') await expect(elsewhere).rejects.toMatchObject({ code: 'STORE_BUCKET_MISSING' });
    if (kind === 'oss') await expect(elsewhere).rejects.toMatchObject({ code: 'STORE_DENIED' });
    if (kind === 'cos') expect((await elsewhere)?.facts.bytes).toBe(1);
  });
});
