import { join } from 'node:path';
import { defineErrors } from '@maque/kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../../testing/serve-app.ts';
import { defineApp } from '../../define/app.ts';
import { collection } from '../../define/collection.ts';
import { field } from '../../define/field-vocabulary.ts';
import { route } from '../../define/route.ts';
import { role } from '../../define/rules.ts';

const errors = defineErrors({ TOO_GREEDY: { status: 409, message: { en: 'No more', zh: '没有了' } } });
const jars = collection({
  fields: {
    label: field.text({ maxLength: 20 }),
    sweets: field.int({ min: 0 }),
    recipe: field.json().default({}).hidden(),
  },
  authors: true,
  computed: { isEmpty: { as: field.bool(), from: ({ sweets }) => sweets === 0 } },
});

const app = defineApp({
  collections: { jars },
  roles: ['taster', 'guard'],
  routes: [
    route.get(
      '/echo/:word',
      {
        auth: 'optional',
        query: { times: field.int({ min: 1, max: 9 }).default(1), loud: field.bool().optional() },
        answer: { text: field.text({ maxLength: 99 }), user: field.user().optional() },
      },
      ({ params, query, user }) => {
        const text = params.word.repeat(query.times);
        return {
          text: query.loud === true ? text.toUpperCase() : text,
          user: user?.id ?? null,
          inside: 'hidden',
        };
      },
    ),
    route.post(
      '/jars/:id/take',
      {
        auth: 'user',
        body: { sweets: field.int({ min: 1 }), ids: field.list(field.user(), { maxItems: 2 }).optional() },
        answer: jars,
        status: 201,
      },
      ({ params, body, db }) =>
        db.transaction(async (tx) => {
          const isTaken = await tx.increment(jars, params.id, { sweets: -body.sweets });
          const jar = await tx.get(jars, params.id);
          if (jar === undefined) throw errors.TOO_GREEDY({ data: { id: params.id } });
          await tx.update(jars, jar.id, { label: 'touched' });
          if (!isTaken) throw errors.TOO_GREEDY();
          return { ...jar, label: 'touched' };
        }),
    ),
    route.delete('/jars', { auth: 'admin' }, async ({ db }) => {
      for (const { id } of await db.list(jars)) await db.delete(jars, id);
    }),
    route.get('/staff-room', { auth: 'staff' }, ({ by, user }) => ({ by, user: user ?? null })),
    route.post(
      '/tastings',
      { auth: role('taster', 'guard'), body: { jar: field.text({ maxLength: 9 }) } },
      ({ by }) => ({ by }),
    ),
    route.get('/broken', { auth: 'public' }, () => {
      throw new Error('SELECT secret FROM inside');
    }),
  ],
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
beforeEach(async () => {
  folder = await temporaryFolder();
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
  await served.records.data.create(jars, { id: 'j1', label: 'mint', sweets: 5, recipe: { sugar: 1 } });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

describe('a route of the app’s own', () => {
  it('is given its parameters, query and user, and answers what is declared', async () => {
    const answer = await served.call('/api/echo/tea?times=2&loud=true', { as: 'user:u1' });
    expect(answer).toMatchObject({ status: 200, json: { text: 'TEATEA', user: 'u1' } });
    expect(Object.keys(answer.json)).toEqual(['text', 'user']);
    expect((await served.call('/api/echo/tea')).json).toEqual({ text: 'tea', user: null });
  });

  it.each(['times=0', 'times=1.5', 'times=x', 'times=', 'loud=yes', 'tiems=2', 'times=1&times=2'])(
    'refuses the query %s',
    async (query) => {
      expect(await served.call(`/api/echo/tea?${query}`)).toMatchObject({
        status: 400,
        json: { error: { code: 'VALIDATION_FAILED' } },
      });
    },
  );

  it('changes records in one transaction and answers without hidden fields', async () => {
    const answer = await served.call('/api/jars/j1/take', { as: 'user:u1', body: { sweets: 2 } });
    expect(answer).toMatchObject({ status: 201, json: { id: 'j1', label: 'touched', sweets: 3 } });
    expect(Object.keys(answer.json)).toEqual([
      ...['id', 'label', 'sweets', 'createdAt', 'updatedAt', 'createdBy', 'updatedBy', 'isEmpty'],
    ]);
    expect(answer.json.isEmpty).toBe(false);
  });

  it('keeps nothing when it throws, and answers its own coded error', async () => {
    const greedy = { as: 'user:u1', body: { sweets: 6 }, headers: { 'accept-language': 'zh-CN' } };
    expect(await served.call('/api/jars/j1/take', greedy)).toMatchObject({
      status: 409,
      json: { error: { code: 'TOO_GREEDY', message: '没有了' } },
    });
    expect(await served.records.data.get(jars, 'j1')).toMatchObject({ label: 'mint', sweets: 5 });
  });

  it.each([
    ['no body', undefined],
    ['a list', []],
    ['a wrong type', { sweets: '1' }],
    ['an unknown field', { sweets: 1, salt: 1 }],
    ['too long a list', { sweets: 1, ids: ['a', 'b', 'c'] }],
    ['a hostile id', { sweets: 1, ids: ["a' or 1=1"] }],
  ])('refuses %s', async (_, body) => {
    const answer = await served.call('/api/jars/j1/take', { method: 'POST', as: 'user:u1', body });
    expect(answer.status).toBe(400);
    expect(await served.records.data.get(jars, 'j1')).toMatchObject({ sweets: 5 });
  });

  it('lets in whom it says', async () => {
    const take = (as?: string) =>
      served.call('/api/jars/j1/take', { body: { sweets: 1 }, ...(as && { as }) });
    expect((await take()).status).toBe(401);
    expect((await served.call('/api/jars', { method: 'DELETE', as: 'user:u1' })).status).toBe(403);
    expect(await served.call('/api/jars', { method: 'DELETE', as: 'admin:a1' })).toMatchObject({
      status: 204,
      text: '',
    });
  });

  it('lets in whoever has one of its roles, and admins, before it reads the body', async () => {
    const taste = async (as: string | undefined, body: unknown = { jar: 'j1' }) =>
      (await served.call('/api/tastings', { body, ...(as && { as }) })).status;
    expect(await taste('staff:s1:guard')).toBe(200);
    expect(await taste('user:u1:taster')).toBe(200);
    expect(await taste('machine:m1:other+taster')).toBe(200);
    expect(await taste('machine:m1:admin')).toBe(200);
    expect(await taste('admin:a1')).toBe(200);
    expect(await taste(undefined)).toBe(401);
    expect(await taste('user:u1', '{"jar": broken')).toBe(403);
    expect(await taste('staff:s1:editor')).toBe(403);
    expect(await taste('staff:s1:guard', { jar: 5 })).toBe(400);
  });

  it('knows whoever calls, of all kinds', async () => {
    expect(await served.call('/api/staff-room', { as: 'staff:s1:guard' })).toMatchObject({
      status: 200,
      json: { by: { kind: 'staff', id: 's1', roles: ['guard'] }, user: null },
    });
    expect((await served.call('/api/staff-room', { as: 'admin:a1' })).status).toBe(200);
    expect((await served.call('/api/staff-room', { as: 'user:u1:guard' })).status).toBe(403);
  });

  it('says nothing of the inside when it breaks', async () => {
    const answer = await served.call('/api/broken');
    expect(answer).toMatchObject({ status: 500, json: { error: { code: 'INTERNAL' } } });
    expect(answer.text).not.toContain('SELECT');
  });
});
