import { KiB, MiB } from '@maque/kit';
import type { FileForm, FileStore } from '@maque/server/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export interface FileStoreUnderTest {
  readonly store: FileStore;
  /** How many bytes the store occupies that belong to no file. */
  strayBytes(): Promise<number>;
  remove(): Promise<void>;
}

async function* chunks(...parts: readonly (string | Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield typeof part === 'string' ? Buffer.from(part) : part;
  }
}

/** What every adapter of the file port keeps to. */
export function describeFileStore(name: string, create: () => Promise<FileStoreUnderTest>): void {
  describe(`${name} as a FileStore`, () => {
    let subject: FileStoreUnderTest;
    let store: FileStore;

    beforeEach(async () => {
      subject = await create();
      store = subject.store;
    });
    afterEach(() => subject.remove());

    const read = async (key: string, range?: { start: number; end: number }) => {
      const opened = await store.open(key, range);
      return opened === undefined ? undefined : (await opened.content.toArray()).join('');
    };
    const contentType = () => 'image/jpeg';
    const limit = { maxBytes: MiB, contentType };

    it('keeps a file and gives it back, whole and in part', async () => {
      const facts = await store.put('avatars/u1.txt', chunks('0123', '456789'), limit);
      expect(facts.bytes).toBe(10);
      expect(Math.abs(facts.modifiedAtMs - Date.now())).toBeLessThan(60_000);
      expect(await read('avatars/u1.txt')).toBe('0123456789');
      expect(await read('avatars/u1.txt', { start: 2, end: 4 })).toBe('234');
      expect(await store.stat('avatars/u1.txt')).toEqual(facts);
    });

    it('keeps an empty file', async () => {
      expect((await store.put('empty', chunks(), limit)).bytes).toBe(0);
      expect(await read('empty')).toBe('');
    });

    it('lists what is below a folder, where it can', async () => {
      for (const key of ['a/b/one', 'a/two', 'ab/three']) await store.put(key, chunks('1234'), limit);
      if (store.list === undefined) return;
      const keysBelow = async (folder: string) => {
        const found: string[] = [];
        for await (const { key, facts } of store.list?.(folder) ?? []) {
          expect(facts).toEqual(await store.stat(key));
          found.push(key);
        }
        return found.sort();
      };
      expect(await keysBelow('a')).toEqual(['a/b/one', 'a/two']);
      expect(await keysBelow('a/b')).toEqual(['a/b/one']);
      expect(await keysBelow('nothing')).toEqual([]);
    });

    it('knows nothing of what is not there', async () => {
      await store.put('a/b', chunks('x'), limit);
      for (const key of ['nothing', 'a', 'a/b/c']) {
        expect(await store.open(key)).toBeUndefined();
        expect(await store.stat(key)).toBeUndefined();
        expect(await store.delete(key)).toBe(false);
      }
      expect(await store.delete('a/b')).toBe(true);
      expect(await store.delete('a/b')).toBe(false);
    });

    it('replaces a file at once; who reads the old one reads it to its end', async () => {
      const old = 'old '.repeat(64 * KiB);
      await store.put('f', chunks(old), limit);
      const opened = await store.open('f');
      await store.put('f', chunks('new'), limit);
      expect(await read('f')).toBe('new');
      expect((await opened?.content.toArray())?.join('')).toBe(old);
    });

    it('refuses what is too large and keeps the old file, leaving nothing behind', async () => {
      await store.put('f', chunks('old'), limit);
      const tooLarge = store.put('f', chunks(Buffer.alloc(60), Buffer.alloc(60)), {
        maxBytes: 100,
        contentType,
      });
      await expect(tooLarge).rejects.toMatchObject({ code: 'FILE_TOO_LARGE', status: 413 });
      expect(await read('f')).toBe('old');
      expect(await subject.strayBytes()).toBe(0);
    });

    it('keeps nothing of a file that is cut off on the way', async () => {
      const cut = store.put('f', chunks('half of', new Error('connection lost')), limit);
      await expect(cut).rejects.toThrow('connection lost');
      expect(await store.stat('f')).toBeUndefined();
      expect(await subject.strayBytes()).toBe(0);
    });

    it.each([
      '',
      '.',
      '..',
      '../escape',
      'a/../../escape',
      '/etc/passwd',
      'a//b',
      'a/',
      'a\\b',
      '.hidden',
      'nul\0',
      '茶',
      'x'.repeat(101),
      'a/b/c/d/e/f/g/h/i',
    ])('refuses the key %j', async (key) => {
      const fault = expect.objectContaining({ code: 'FILE_KEY_INVALID' });
      await expect(store.put(key, chunks('x'), limit)).rejects.toEqual(fault);
      await expect((async () => store.open(key))()).rejects.toEqual(fault);
      await expect((async () => store.stat(key))()).rejects.toEqual(fault);
      await expect((async () => store.delete(key))()).rejects.toEqual(fault);
    });

    it.each([
      [{ start: 0, end: 10 }],
      [{ start: 5, end: 4 }],
      [{ start: -1, end: 2 }],
      [{ start: 0.5, end: 2 }],
    ])('refuses the range %j of ten bytes', async (range) => {
      await store.put('f', chunks('0123456789'), limit);
      await expect(store.open('f', range)).rejects.toMatchObject({ code: 'FILE_RANGE_INVALID', status: 416 });
    });

    it('takes two writers of one key one after the other', async () => {
      const a = 'a'.repeat(200 * KiB);
      const b = 'b'.repeat(200 * KiB);
      await Promise.all([store.put('f', chunks(a), limit), store.put('f', chunks(b), limit)]);
      expect([a, b]).toContain(await read('f'));
      expect(await subject.strayBytes()).toBe(0);
    });

    describe('with clients that reach it by themselves, if they do', () => {
      const send = async (
        form: FileForm | undefined,
        content: string,
        fields: Record<string, string> = {},
      ) => {
        const body = new FormData();
        for (const [field, value] of Object.entries({ ...form?.fields, ...fields }))
          body.append(field, value);
        body.append('file', new Blob([content], { type: 'text/html' }), 'a.html');
        return (await fetch(form?.url ?? '', { method: 'POST', body })).ok;
      };
      const options = { bytes: 5, contentType: 'image/png', expiresInMs: 60_000 };

      it('takes exactly what a form is for', async ({ skip }) => {
        if (store.direct === undefined) return skip();
        const form = store.direct.form('in/a', options);
        for (const wrong of ['1234', '123456', '']) expect(await send(form, wrong)).toBe(false);
        expect(await send(form, '12345', { key: 'in/b' })).toBe(false);
        expect(await send(form, '12345', { 'Content-Type': 'text/html' })).toBe(false);
        expect(await store.stat('in/a')).toBeUndefined();
        expect(await send(form, '12345')).toBe(true);
        expect(await send(form, 'again')).toBe(true);
        expect(await read('in/a')).toBe('again');
        expect(await store.stat('in/b')).toBeUndefined();
      });

      it('copies, and what is sent later does not change the copy', async ({ skip }) => {
        if (store.direct === undefined) return skip();
        const form = store.direct.form('in/a', options);
        await send(form, 'first');
        expect(await store.direct.copy('in/a', 'out/a', { contentType: 'image/gif' })).toBe(true);
        await send(form, 'later');
        expect([await read('out/a'), await read('in/a')]).toEqual(['first', 'later']);
        expect(await store.direct.copy('in/nothing', 'out/b', { contentType: 'image/gif' })).toBe(false);
        const { url } = store.direct.link('out/a', { disposition: 'inline' });
        // What we found it to be, not what its sender said.
        expect((await fetch(url)).headers.get('content-type')).toBe('image/gif');
      });

      it('gives a file by a link, as what we say that it is', async ({ skip }) => {
        if (store.direct === undefined) return skip();
        await store.put('f', chunks('0123456789'), limit);
        const disposition = 'inline; filename="f.jpg"';
        const { url, freshMs } = store.direct.link('f', { disposition });
        expect(freshMs).toBeGreaterThanOrEqual(60_000);
        const answer = await fetch(url, { headers: { range: 'bytes=2-4' } });
        expect([answer.status, await answer.text()]).toEqual([206, '234']);
        expect(answer.headers.get('content-type')).toBe('image/jpeg');
        expect(answer.headers.get('content-disposition')).toBe(disposition);
        expect((await fetch(url.replace('f?', 'g?'))).status).toBe(403);
        expect((await fetch(url.slice(0, url.indexOf('?')))).status).toBe(403);
      });
    });
  });
}
