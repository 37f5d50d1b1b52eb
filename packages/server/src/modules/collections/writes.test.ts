import { join } from 'node:path';
import { createManualClock, defineErrors } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { becomes, only, owner, role, was } from '../../define/rules.ts';

const appErrors = defineErrors({
  TEXT_RUDE: { status: 422, message: { en: 'Be polite', zh: '请文明用语' } },
});

const tags = collection({ fields: { name: field.text({ maxLength: 20 }) }, rules: { read: 'public' } });
/** What hooks were called with, and what they found. */
let seen: unknown[] = [];

const posts = collection({
  fields: {
    text: field.text({ maxLength: 40 }),
    authorId: field.caller(),
    status: field.enum(['draft', 'sent', 'shown']).default('draft'),
    isPinned: field.bool().default(false),
    score: field.int().default(0).hidden(),
    tag: field.relation(() => tags).optional(),
  },
  authors: true,
  rules: {
    read: 'user',
    create: 'user',
    update: [
      { allOf: [owner('authorId'), was({ status: 'draft' }), only('text', 'status')] },
      { allOf: [{ 'tag.name': 'open' }, only('tag')] },
      { allOf: [role('editor'), becomes({ status: 'shown' })] },
      role('chief'),
    ],
    delete: [{ allOf: [owner('authorId'), { status: 'draft' }] }, role('chief')],
    fields: { isPinned: { write: role('chief') } },
  },
});

const notes = collection({
  fields: { text: field.text({ maxLength: 40 }), isRude: field.bool().default(false).hidden() },
  authors: true,
  rules: { read: 'public', create: 'user', update: 'user', delete: 'user' },
  hooks: {
    create: {
      before: ({ record, by }) => {
        seen.push(['create', by.kind]);
        return { ...record, text: record.text.trim(), isRude: record.text.includes('!') };
      },
      async after({ record, db, afterCommit }) {
        await db.create(log, { line: `made ${record.text}` });
        afterCommit(() => void seen.push(['kept', record.text]));
        if (record.isRude) throw appErrors.TEXT_RUDE();
      },
    },
    update: {
      before: ({ record, changes }) => {
        seen.push(['update', record.text, changes.text]);
        return changes.text === 'loud' ? { text: 'LOUD' } : undefined;
      },
      after: ({ record, previous }) => void seen.push(['updated', previous.text, record.text]),
    },
    delete: {
      before({ record, by }) {
        if (record.text === 'LOUD' && by.kind !== 'admin') throw appErrors.TEXT_RUDE();
      },
      after: ({ record }) => void seen.push(['deleted', record.text]),
    },
  },
});
const log = collection({ fields: { line: field.text({ maxLength: 80 }) } });

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
const clock = createManualClock(Date.parse('2026-05-01T08:00:00.000Z'));

beforeEach(async () => {
  seen = [];
  folder = await temporaryFolder();
  const app = defineApp({ collections: { tags, posts, notes, log }, roles: ['editor', 'chief'] });
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite'), clock });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const [u1, u2, editor, chief] = ['user:u1', 'user:u2', 'staff:s1:editor', 'staff:s2:chief'] as const;

async function codeOf(method: string, path: string, as: string | undefined, body?: unknown) {
  const { status, json } = await served.call(path, { method, ...(as === undefined ? {} : { as }), body });
  return json?.error === undefined ? status : `${status} ${json.error.code}`;
}

async function newPost(values: object = {}): Promise<string> {
  const { json } = await served.call('/api/posts', { as: u1, body: { text: 'one', ...values } });
  return `/api/posts/${json.id}`;
}

describe('what may be written', () => {
  it('was, only: a draft by its author, and of it what is named', async () => {
    const post = await newPost();
    expect(await codeOf('PATCH', post, u2, { text: 'two' })).toBe('403 FORBIDDEN');
    expect(await codeOf('PATCH', post, u1, { text: 'two', tag: null })).toBe('403 FORBIDDEN');
    // Naming a field is writing it, though its value stays.
    expect(await codeOf('PATCH', post, u1, { text: 'two', isPinned: false })).toBe('403 FORBIDDEN');
    expect(await codeOf('PATCH', post, u1, { text: 'two', status: 'sent' })).toBe(200);
    expect(await codeOf('PATCH', post, u1, { status: 'draft' })).toBe('403 FORBIDDEN');
    expect(await codeOf('DELETE', post, u1)).toBe('403 FORBIDDEN');
  });

  it('becomes: what a record is made into', async () => {
    const post = await newPost();
    expect(await codeOf('PATCH', post, editor, { text: 'two' })).toBe('404 NOT_FOUND');
    expect(await codeOf('PATCH', post, editor, { text: 'two', status: 'shown' })).toBe(200);
  });

  it('a condition through a relation holds before and after', async () => {
    const { data } = served.records;
    const [open, closed] = [
      await data.create(tags, { name: 'open' }),
      await data.create(tags, { name: 'no' }),
    ];
    const post = await newPost({ tag: open.id });
    expect(await codeOf('PATCH', post, u2, { tag: closed.id })).toBe('403 FORBIDDEN');
    expect(await codeOf('PATCH', post, u2, { tag: null })).toBe('403 FORBIDDEN');
    expect(await codeOf('PATCH', post, u2, { tag: open.id })).toBe(200);
    expect(await codeOf('PATCH', await newPost({ tag: closed.id }), u2, { tag: open.id })).toBe(
      '403 FORBIDDEN',
    );
  });

  it('a field with a rule of its own, by whom the rule names', async () => {
    const body = { text: 'one', isPinned: true };
    const refused = await served.call('/api/posts', { as: u1, body });
    expect([refused.status, refused.json.error.details]).toEqual([
      403,
      [{ path: 'isPinned', issue: 'may not be set by you' }],
    ]);
    expect(await codeOf('PATCH', await newPost(), chief, { isPinned: true })).toBe(200);
    // Its default is nobody's wish.
    expect(await codeOf('POST', '/api/posts', u1, { text: 'one' })).toBe(201);
  });
});

describe('versions', () => {
  it('rise with each write, though the clock stands still', async () => {
    const created = await served.call('/api/posts', { as: u1, body: { text: 'one' } });
    const path = `/api/posts/${created.json.id}`;
    const tags = [created.headers.get('etag')];
    for (const text of ['two', 'three']) {
      const { headers, json } = await served.call(path, { method: 'PATCH', as: u1, body: { text } });
      tags.push(headers.get('etag'));
      expect(`"${Date.parse(json.updatedAt).toString(36)}"`).toBe(headers.get('etag'));
    }
    const { data } = served.records;
    await data.update(posts, created.json.id, { text: 'four' });
    await data.increment(posts, created.json.id, { score: 1 });
    const now = await data.get(posts, created.json.id);
    expect(Date.parse(now?.updatedAt ?? '') - clock.now()).toBe(4);
    expect(new Set(tags).size).toBe(3);
  });

  it('If-Match lets a write through for the version that it was made for', async () => {
    const { json, headers } = await served.call('/api/posts', { as: u1, body: { text: 'one' } });
    const path = `/api/posts/${json.id}`;
    const first = headers.get('etag') ?? '';
    const write = (method: string, ifMatch: string, as: string = u1) =>
      served.call(path, {
        ...{ method, as, headers: { 'if-match': ifMatch } },
        ...(method === 'PATCH' ? { body: { text: 'two' } } : {}),
      });
    expect((await write('PATCH', `"other", ${first}`)).status).toBe(200);
    const stale = await write('PATCH', first);
    expect([stale.status, stale.json.error.code]).toEqual([412, 'PRECONDITION_FAILED']);
    expect((await write('DELETE', first)).status).toBe(412);
    // Whoever may not write it learns nothing of its version.
    expect((await write('DELETE', first, u2)).status).toBe(403);
    expect((await write('PATCH', '*')).status).toBe(200);
    const { updatedAt } = (await served.records.data.get(posts, json.id)) ?? { updatedAt: '' };
    expect((await write('DELETE', `W/"${Date.parse(updatedAt).toString(36)}"`)).status).toBe(204);
  });

  it('of two who change the same version one is told', async () => {
    const { json, headers } = await served.call('/api/posts', { as: u1, body: { text: 'one' } });
    const options = { method: 'PATCH', as: u1, headers: { 'if-match': headers.get('etag') ?? '' } };
    const both = await Promise.all(
      ['a', 'b'].map((text) => served.call(`/api/posts/${json.id}`, { ...options, body: { text } })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  });
});

it('authors are whoever writes: users, staff, machines, and nobody for the server itself', async () => {
  const path = await newPost();
  const authors = async () => {
    const { createdBy, updatedBy } = (await served.call(path, { as: u1 })).json;
    return [createdBy, updatedBy];
  };
  expect(await authors()).toEqual(['u1', 'u1']);
  await served.call(path, { method: 'PATCH', as: chief, body: { isPinned: true } });
  expect(await authors()).toEqual(['u1', 's2']);
  await served.call(path, { method: 'PATCH', as: 'machine:m1:admin', body: { isPinned: false } });
  expect(await authors()).toEqual(['u1', 'm1']);
  await served.records.data.increment(posts, path.slice('/api/posts/'.length), { score: 1 });
  expect(await authors()).toEqual(['u1', null]);
  expect(await codeOf('PATCH', path, u1, { createdBy: 'u2' })).toBe('400 VALIDATION_FAILED');
});

describe('hooks', () => {
  it('answer other values, which are checked again, and see what is kept', async () => {
    const made = await served.call('/api/notes', { as: u1, body: { text: ' hello ' } });
    expect(made.json.text).toBe('hello');
    expect(seen).toEqual([
      ['create', 'user'],
      ['kept', 'hello'],
    ]);
    const path = `/api/notes/${made.json.id}`;
    expect((await served.call(path, { method: 'PATCH', as: u1, body: { text: 'loud' } })).json.text).toBe(
      'LOUD',
    );
    expect(seen.slice(2)).toEqual([
      ['update', 'hello', 'loud'],
      ['updated', 'hello', 'LOUD'],
    ]);
    expect(await codeOf('POST', '/api/notes', u1, { text: '   ' })).toBe('400 VALIDATION_FAILED');
  });

  it('undo what they refuse, with all that was written for it', async () => {
    expect(await codeOf('POST', '/api/notes', u1, { text: 'you!' })).toBe('422 TEXT_RUDE');
    expect(seen).toEqual([['create', 'user']]);
    expect(await served.records.data.list(notes)).toEqual([]);
    expect(await served.records.data.list(log)).toEqual([]);
  });

  it('refuse a deletion, by whom it is', async () => {
    const { id } = await served.records.data.create(notes, { text: 'LOUD' });
    expect(seen).toEqual([]);
    expect(await codeOf('DELETE', `/api/notes/${id}`, u1)).toBe('422 TEXT_RUDE');
    expect(await codeOf('DELETE', `/api/notes/${id}`, 'admin:a1')).toBe(204);
  });
});
