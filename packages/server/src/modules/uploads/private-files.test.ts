import type { UploadLink } from '@maque/contract';
import { createManualClock, HOUR, type ManualClock, MINUTE } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpegOf } from '../../../testing/multipart.ts';
import { type ServedFiles, serveFiles } from '../../../testing/serve-files.ts';
import { caller, collection, defineApp, field, owner, role } from '../../define/index.ts';

const letters = collection({
  fields: {
    userId: field.caller(),
    isOpen: field.bool().default(false),
    scan: field.file().optional(),
    pages: field.files({ maxItems: 3 }).default([]),
    draft: field.file().optional(),
    stamp: field.file().optional(),
    readers: field.users({ maxItems: 5 }).default([]),
  },
  rules: {
    read: [owner('userId'), { isOpen: true }, { readers: { has: caller } }],
    create: 'user',
    update: owner('userId'),
    fields: { draft: { read: owner('userId') }, stamp: { read: role('clerk') } },
  },
});
const app = defineApp({ roles: ['clerk'], collections: { letters } });

const opened = new AsyncDisposableStack();
let clock: ManualClock;
let served: ServedFiles;
beforeAll(async () => {
  const { path: folder } = opened.use(await tempFolder());
  clock = createManualClock(Date.now());
  served = await serveFiles(app, { folder, clock });
  opened.defer(() => served.close());
});
afterAll(() => opened.disposeAsync());

const keep = (as = 'user:ann') => served.upload(as, jpegOf(2_000), '?private=true');
const linksTo = async (as: string | undefined, ...ids: string[]): Promise<UploadLink[]> => {
  const answer = await served.call('/api/uploads/links', {
    ...(as === undefined ? {} : { as }),
    body: { ids },
  });
  expect(answer.status).toBe(200);
  return answer.json.items;
};
const write = (as: string, record: object) => served.call('/api/letters', { as, body: record });

describe('a private file', () => {
  it('is not loaded by its address, and by its link for an hour at least and two at most', async () => {
    const { id, url, private: isPrivate } = await keep();
    expect(isPrivate).toBe(true);
    const refused = await served.load(url);
    expect([refused.status, JSON.parse(refused.content.toString()).error.code]).toEqual([
      403,
      'FILE_PRIVATE',
    ]);

    // To a minute before the end of the next full hour.
    clock.advance(2 * HOUR - (clock.now() % HOUR) - MINUTE);
    const [link] = await linksTo('user:ann', id);
    expect(Date.parse(link?.expiresAt ?? '') - clock.now()).toBe(HOUR + MINUTE);
    const loaded = await served.load(link?.url ?? '');
    expect([loaded.status, loaded.content.length]).toEqual([200, 2_000]);
    expect(loaded.headers.get('cache-control')).toBe('private, max-age=3660, immutable');
    const part = await fetch(served.url + link?.url, {
      headers: { range: 'bytes=0-9', connection: 'close' },
    });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 0-9/2000']);

    clock.advance(HOUR);
    expect((await served.load(link?.url ?? '')).status).toBe(200);
    clock.advance(MINUTE);
    expect((await served.load(link?.url ?? '')).status).toBe(403);
  });

  it('has the same link for an hour, so that phones know it again', async () => {
    const { id } = await keep();
    clock.advance(HOUR - (clock.now() % HOUR));
    const first = await linksTo('user:ann', id);
    clock.advance(HOUR - 1);
    expect(await linksTo('user:ann', id)).toEqual(first);
    clock.advance(1);
    expect(await linksTo('user:ann', id)).not.toEqual(first);
  });

  it('is loaded by no link of another file, of a later end or with another letter in it', async () => {
    const [mine, other] = [await keep(), await keep()];
    const [link] = await linksTo('user:ann', mine.id);
    const url = link?.url ?? '';
    const query = new URLSearchParams(url.split('?')[1]);
    const expires = query.get('expires') ?? '';
    const signature = query.get('signature') ?? '';
    const wrong = [
      url.replace(mine.id, other.id),
      url.replace(expires, String(Number(expires) + 1)),
      url.replace(
        signature,
        signature.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')),
      ),
      url.replace(signature, ''),
      url.replace(signature, signature.slice(0, -4)),
      `${mine.url}?expires=${expires}`,
      `${url}&signature=${signature}`,
      `${mine.url}?expires=Infinity&signature=${signature}`,
    ];
    for (const address of wrong) expect((await served.load(address)).status).toBe(403);
    expect((await served.load(url)).status).toBe(200);
    const head = await fetch(served.url + mine.url, { method: 'HEAD', headers: { connection: 'close' } });
    expect(head.status).toBe(403);
  });
});

describe('a link to a private file', () => {
  it('is for its owner and for staff, and for nobody else', async () => {
    const { id } = await keep();
    for (const as of ['user:ann', 'admin:root', 'staff:sam:clerk', 'machine:m1:admin']) {
      expect(await linksTo(as, id)).toHaveLength(1);
    }
    for (const as of ['user:bob', 'machine:m2:clerk', undefined]) expect(await linksTo(as, id)).toEqual([]);
  });

  it('is for whoever may read a record that has it, as long as they may', async () => {
    const [scan, page] = [await keep(), await keep()];
    const made = await write('user:ann', { scan: scan.id, pages: [page.id], readers: ['cat'] });
    expect(made.status).toBe(201);
    expect(await linksTo('user:cat', scan.id, page.id)).toHaveLength(2);
    for (const as of ['user:bob', undefined]) expect(await linksTo(as, scan.id, page.id)).toEqual([]);

    const open = (isOpen: boolean) =>
      served.call(`/api/letters/${made.json.id}`, { method: 'PATCH', as: 'user:ann', body: { isOpen } });
    expect((await open(true)).status).toBe(200);
    for (const as of ['user:bob', undefined]) expect(await linksTo(as, scan.id, page.id)).toHaveLength(2);
    await open(false);
    expect(await linksTo('user:bob', scan.id, page.id)).toEqual([]);
  });

  it('is not for whoever may read the record, and not the field', async () => {
    const [draft, stamp] = [await keep(), await keep()];
    const record = { isOpen: true, draft: draft.id, stamp: stamp.id };
    expect((await write('user:ann', record)).status).toBe(201);
    expect(await linksTo('user:bob', draft.id, stamp.id)).toEqual([]);
    expect(await linksTo('machine:m2:clerk', draft.id, stamp.id)).toMatchObject([{ id: stamp.id }]);
  });

  it('comes in the order that it was asked for, without those that there are not', async () => {
    const open = await served.upload('user:bob', jpegOf(500));
    const mine = await keep();
    const links = await linksTo('user:ann', mine.id, '0'.repeat(32), open.id);
    expect(links.map(({ id }) => id)).toEqual([mine.id, open.id]);
    expect(links[1]).toEqual({ id: open.id, url: open.url, expiresAt: null });
  });

  it.each([
    ['of more than 50', { ids: Array.from({ length: 51 }, (_, index) => `id${index}`) }],
    ['of one twice', { ids: ['a', 'a'] }],
    ['of what is no id', { ids: ['../../etc'] }],
    ['of nothing', {}],
    ['of more than files', { ids: [], expires: '9999' }],
  ])('is refused when asked for a list %s', async (_, body) => {
    const answer = await served.call('/api/uploads/links', { as: 'user:ann', body });
    expect([answer.status, answer.json.error.code]).toEqual([400, 'VALIDATION_FAILED']);
  });
});

describe('an upload', () => {
  it.each(['?private=yes', '?private=', '?Private=true', '?private=true&private=false'])(
    'that may have been meant to be private is refused: %s',
    async (query) => {
      await expect(served.upload('user:ann', jpegOf(100), query)).rejects.toThrow(/^Error: 400|^400/);
    },
  );

  it('may be of staff and of machines, without the bounds of users', async () => {
    for (const as of ['staff:sam:clerk', 'admin:root', 'machine:m1:clerk']) {
      const { url } = await served.upload(as, jpegOf(100));
      const deleted = await served.call(url, { method: 'DELETE', as });
      expect(deleted.status).toBe(204);
    }
  });

  it('is deleted by staff whoever it is of, and by nobody while a record has it', async () => {
    const { id, url } = await keep();
    const made = await write('user:ann', { pages: [id] });
    for (const as of ['user:ann', 'admin:root']) {
      const answer = await served.call(url, { method: 'DELETE', as });
      expect([answer.status, answer.json.error.code]).toEqual([409, 'RECORD_IN_USE']);
    }
    await served.call(`/api/letters/${made.json.id}`, {
      method: 'PATCH',
      as: 'user:ann',
      body: { pages: [] },
    });
    expect((await served.call(url, { method: 'DELETE', as: 'machine:m1:clerk' })).status).toBe(403);
    expect((await served.call(url, { method: 'DELETE', as: 'staff:sam:clerk' })).status).toBe(204);
    expect(await linksTo('user:ann', id)).toEqual([]);
  });
});
