import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Call, type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { owner, type Rules } from '../../define/rules.ts';

const fields = {
  text: field.text({ maxLength: 40 }).unique(),
  ownerId: field.caller(),
  published: field.bool().default(false),
  likes: field.int({ min: 0 }).default(0).hidden(),
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
let call: (path: string, call?: Call) => ReturnType<ServedApp['call']>;

async function serve(rules: Rules<typeof fields>) {
  const notes = collection({ fields, rules });
  served = await serveApp(defineApp({ collections: { notes } }), { path: join(folder.path, 'app.sqlite') });
  const { data } = served.records;
  await data.create(notes, { id: 'mine', text: 'mine', ownerId: 'u1' });
  await data.create(notes, { id: 'theirs', text: 'theirs', ownerId: 'u2' });
  await data.create(notes, { id: 'public', text: 'public', ownerId: 'u2', published: true });
  call = served.call;
  return { data, notes };
}

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

const [u1, u2, admin] = ['user:u1', 'user:u2', 'admin:a1'] as const;
const idsFor = async (as: string | undefined, query = '') => {
  const answer = await call(`/api/notes${query}`, as === undefined ? {} : { as });
  return answer.status === 200
    ? answer.json.items.map(({ id }: { id: string }) => id).toSorted()
    : answer.json.error.code;
};
const statusOf = async (path: string, options: Call) => {
  const { status, json } = await call(path, options);
  return json?.error === undefined ? status : `${status} ${json.error.code}`;
};

describe('who may list and read', () => {
  it('public: everybody', async () => {
    await serve({ list: 'public', read: 'public' });
    for (const as of [undefined, u1, admin]) expect(await idsFor(as)).toEqual(['mine', 'public', 'theirs']);
    expect(await statusOf('/api/notes/theirs', {})).toBe(200);
  });

  it('users: whoever has logged in', async () => {
    await serve({ list: 'user', read: 'user' });
    expect(await idsFor(undefined)).toBe('AUTH_REQUIRED');
    expect(await idsFor(u1)).toHaveLength(3);
    expect(await statusOf('/api/notes/mine', {})).toBe('401 AUTH_REQUIRED');
  });

  it('admins only', async () => {
    await serve({ list: 'admin', read: 'admin' });
    expect(await idsFor(undefined)).toBe('AUTH_REQUIRED');
    expect(await idsFor(u1)).toBe('FORBIDDEN');
    expect(await idsFor(admin)).toHaveLength(3);
  });

  it('nobody: there is no such route, not even for admins', async () => {
    await serve({ list: 'nobody', create: 'user' });
    for (const as of [u1, admin]) {
      expect(await statusOf('/api/notes', { as })).toBe('405 METHOD_NOT_ALLOWED');
      expect(await statusOf('/api/notes/mine', { as })).toBe('404 NOT_FOUND');
    }
  });

  it('owners: each the own ones; those of others do not exist', async () => {
    await serve({ list: owner('ownerId'), read: owner('ownerId') });
    expect(await idsFor(undefined)).toBe('AUTH_REQUIRED');
    expect(await idsFor(u1)).toEqual(['mine']);
    expect(await idsFor(u2)).toEqual(['public', 'theirs']);
    expect(await idsFor(admin)).toHaveLength(3);
    expect(await idsFor('user:nobody')).toEqual([]);
    expect(await statusOf('/api/notes/mine', { as: u1 })).toBe(200);
    expect(await statusOf('/api/notes/theirs', { as: u1 })).toBe('404 NOT_FOUND');
    expect(await statusOf('/api/notes/nothing', { as: u1 })).toBe('404 NOT_FOUND');
  });

  it('whoever fits any of several rules', async () => {
    await serve({ list: [owner('ownerId'), { published: true }] });
    expect(await idsFor(undefined)).toEqual(['public']);
    expect(await idsFor(u1)).toEqual(['mine', 'public']);
  });

  it('whoever fits all of several rules', async () => {
    await serve({ list: { allOf: ['user', { published: true }] } });
    expect(await idsFor(undefined)).toBe('AUTH_REQUIRED');
    expect(await idsFor(u1)).toEqual(['public']);
  });

  it('cannot be widened by a filter, and counts before the page is cut', async () => {
    await serve({ list: owner('ownerId') });
    expect(
      await idsFor(u1, `?filter=${encodeURIComponent('published = true or published = false')}`),
    ).toEqual(['mine']);
    const { json } = await call('/api/notes?limit=1&sort=text', { as: u1 });
    expect(json.items).toHaveLength(1);
    expect(json.nextCursor).toBeNull();
  });

  it('never shows a hidden field', async () => {
    await serve({ list: 'public', read: 'public', create: 'user', update: 'user' });
    const answers = [
      await call('/api/notes'),
      await call('/api/notes/mine'),
      await call('/api/notes', { as: u1, body: { text: 'new' } }),
      await call('/api/notes/mine', { method: 'PATCH', as: u1, body: { text: 'new2' } }),
    ];
    for (const { status, text } of answers) {
      expect(status).toBeLessThan(300);
      expect(text).not.toContain('likes');
    }
  });
});

describe('who may write', () => {
  const rules = {
    list: 'public',
    read: [owner('ownerId'), { published: true }],
    create: owner('ownerId'),
    update: owner('ownerId'),
    delete: owner('ownerId'),
  } as const satisfies Rules<typeof fields>;

  it('creates what is one’s own, filled in or said', async () => {
    await serve(rules);
    const created = await call('/api/notes', { as: u1, body: { text: 'new' } });
    expect(created).toMatchObject({ status: 201, json: { text: 'new', ownerId: 'u1', published: false } });
    expect((await call(`/api/notes/${created.json.id}`, { as: u1 })).json).toEqual(created.json);
    expect(await statusOf('/api/notes', { as: u1, body: { text: 'b', ownerId: 'u2' } })).toBe(
      '403 FORBIDDEN',
    );
    expect(await statusOf('/api/notes', { body: { text: 'c' } })).toBe('401 AUTH_REQUIRED');
    expect(await idsFor(u1)).toHaveLength(4);
  });

  it('changes the own record and keeps it the own', async () => {
    const { data, notes } = await serve(rules);
    const changed = await call('/api/notes/mine', { method: 'PATCH', as: u1, body: { published: true } });
    expect(changed).toMatchObject({ status: 200, json: { id: 'mine', text: 'mine', published: true } });
    const give = { method: 'PATCH', as: u1, body: { ownerId: 'u2' } };
    expect(await statusOf('/api/notes/mine', give)).toBe('403 FORBIDDEN');
    expect(await data.get(notes, 'mine')).toMatchObject({ ownerId: 'u1', published: true });
  });

  it('lets nobody but admins and the server act in another’s name, whatever the rules say', async () => {
    const { data, notes } = await serve({ read: 'public', create: 'public', update: 'user' });
    const make = (as: string | undefined, ownerId: string, text = 'new') =>
      statusOf('/api/notes', { ...(as === undefined ? {} : { as }), body: { text, ownerId } });
    const give = (as: string, ownerId: string) =>
      statusOf('/api/notes/theirs', { method: 'PATCH', as, body: { ownerId } });
    expect(await make(u1, 'u2')).toBe('403 FORBIDDEN');
    expect(await make(undefined, 'u2')).toBe('403 FORBIDDEN');
    expect(await give(u1, 'u1')).toBe('403 FORBIDDEN');
    expect(await give(u2, 'u1')).toBe('403 FORBIDDEN');
    expect(await data.list(notes)).toHaveLength(3);
    expect(await data.get(notes, 'theirs')).toMatchObject({ ownerId: 'u2' });

    expect(await make(u1, 'u1')).toBe(201);
    expect(await statusOf('/api/notes', { as: u1, body: { text: 'filled in' } })).toBe(201);
    expect(await give(u1, 'u2')).toBe(200);
    expect(await make(admin, 'u2', 'by an admin')).toBe(201);
    expect(await give(admin, 'u1')).toBe(200);
    await data.update(notes, 'theirs', { ownerId: 'u2' });
    expect(await data.get(notes, 'theirs')).toMatchObject({ ownerId: 'u2' });
  });

  it('tells a record that may be read from one that does not exist for the caller', async () => {
    const { data, notes } = await serve(rules);
    const before = await data.list(notes);
    for (const method of ['PATCH', 'DELETE']) {
      const body = method === 'PATCH' ? { body: { text: 'x' } } : {};
      expect(await statusOf('/api/notes/public', { method, as: u1, ...body })).toBe('403 FORBIDDEN');
      expect(await statusOf('/api/notes/theirs', { method, as: u1, ...body })).toBe('404 NOT_FOUND');
      expect(await statusOf('/api/notes/nothing', { method, as: u1, ...body })).toBe('404 NOT_FOUND');
      expect(await statusOf('/api/notes/mine', { method, ...body })).toBe('401 AUTH_REQUIRED');
    }
    expect(await data.list(notes)).toEqual(before);
  });

  it('changes what one may not see, and is told nothing of it', async () => {
    const changeOf = async (id: string) =>
      (await call(`/api/notes/${id}`, { method: 'PATCH', as: u1, body: { published: false } })).json;
    await serve({ read: owner('ownerId'), update: 'user' });
    expect(await changeOf('mine')).toMatchObject({ id: 'mine', text: 'mine' });
    const facts = { id: 'theirs', createdAt: expect.any(String), updatedAt: expect.any(String) };
    expect(await changeOf('theirs')).toEqual(facts);
  });

  it('deletes the own record', async () => {
    const { data, notes } = await serve(rules);
    const answer = await call('/api/notes/mine', { method: 'DELETE', as: u1 });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(await data.get(notes, 'mine')).toBeUndefined();
    expect(await statusOf('/api/notes/theirs', { method: 'DELETE', as: admin })).toBe(204);
  });

  it.each([
    ['an unknown field', { text: 'a', extra: 1 }, 'extra'],
    ['a hidden field', { text: 'a', likes: 1 }, 'likes'],
    ['the id', { text: 'a', id: 'x' }, 'id'],
    ['a time of creation', { text: 'a', createdAt: '2020-01-01T00:00:00Z' }, 'createdAt'],
    ['a wrong type', { text: 5 }, 'text'],
    ['nothing', {}, 'text'],
    ['an owner that is no id', { text: 'a', ownerId: { $ne: 1 } }, 'ownerId'],
  ])('refuses a record with %s, naming it', async (_, body, path) => {
    const { data, notes } = await serve(rules);
    const answer = await call('/api/notes', { as: u1, body });
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'VALIDATION_FAILED' } } });
    expect(answer.json.error.details.map((detail: { path: string }) => detail.path)).toContain(path);
    expect(await data.list(notes)).toHaveLength(3);
  });

  it('refuses a value that is taken, and a change of nothing', async () => {
    await serve(rules);
    expect(await call('/api/notes', { as: u1, body: { text: 'theirs' } })).toMatchObject({
      status: 409,
      json: { error: { code: 'CONFLICT', message: 'A record with the same text exists' } },
    });
    expect(await statusOf('/api/notes/mine', { method: 'PATCH', as: u1, body: {} })).toBe(
      '400 VALIDATION_FAILED',
    );
    expect(await statusOf('/api/notes/mine', { method: 'PATCH', as: u1, body: { text: 'theirs' } })).toBe(
      '409 CONFLICT',
    );
    expect(await statusOf('/api/notes/mine', { method: 'PATCH', as: u1, body: [] })).toBe(
      '400 VALIDATION_FAILED',
    );
  });
});
