import { join } from 'node:path';
import { defineErrors } from '@maque/kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServedApp, serveApp, temporaryFolder } from '../../testing/serve-app.ts';
import { defineApp } from '../define/app.ts';
import { collection } from '../define/collection.ts';
import { field } from '../define/field-vocabulary.ts';
import type { MiddlewareContext } from '../define/middleware.ts';
import { route } from '../define/route.ts';

const errors = defineErrors({
  CLOSED_TODAY: { status: 409, message: { en: 'We are closed', zh: '今日休息' } },
});
const notes = collection({
  fields: { text: field.text({ maxLength: 9 }) },
  rules: { list: 'public', read: 'user', create: 'user' },
});

let seen: Pick<MiddlewareContext, 'method' | 'route' | 'path' | 'by'>[];
const app = defineApp({
  collections: { notes },
  middleware: [
    ({ method, route, path, by, requestId, setHeader }) => {
      seen.push({ method, route, path, by });
      setHeader('x-request', requestId);
    },
    async ({ headers, ip, setHeader }) => {
      if (headers['x-closed'] !== undefined) throw errors.CLOSED_TODAY();
      setHeader('x-from', ip);
    },
    ({ headers }) => {
      if (headers['x-broken'] !== undefined) throw new Error('SELECT secret');
    },
  ],
  routes: [
    route.get('/echo/:word', { auth: 'optional' }, ({ params }) => params),
    route.get('/mine', { auth: 'user' }, ({ user }) => user),
  ],
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let served: ServedApp;
beforeEach(async () => {
  seen = [];
  folder = await temporaryFolder();
  served = await serveApp(app, { path: join(folder.path, 'app.sqlite') });
});
afterEach(async () => {
  await served.close();
  await folder.remove();
});

it('runs before collections and routes, in order, and knows who calls', async () => {
  const echo = await served.call('/api/echo/tea?a=1', { as: 'staff:s1:editor' });
  expect(echo).toMatchObject({ status: 200, json: { word: 'tea' } });
  expect(echo.headers.get('x-from')).toBe('127.0.0.1');
  expect(echo.headers.get('x-request')).toMatch(/./);
  await served.call('/api/notes');
  await served.call('/api/notes', { method: 'HEAD' });
  await served.call('/api/notes/n1', { as: 'user:u1' });
  expect(seen).toEqual([
    {
      ...{ method: 'GET', route: '/api/echo/:word', path: '/api/echo/tea' },
      by: { kind: 'staff', id: 's1', roles: ['editor'] },
    },
    { method: 'GET', route: '/api/notes', path: '/api/notes', by: { kind: 'anonymous' } },
    { method: 'HEAD', route: '/api/notes', path: '/api/notes', by: { kind: 'anonymous' } },
    {
      ...{ method: 'GET', route: '/api/notes/:id', path: '/api/notes/n1' },
      by: { kind: 'user', id: 'u1', roles: [] },
    },
  ]);
});

it('refuses with its own code before the body is read, and keeps the headers that were set', async () => {
  const answer = await served.call('/api/notes', {
    ...{ as: 'user:u1', body: '{"text": broken', headers: { 'x-closed': '1' } },
  });
  expect(answer).toMatchObject({ status: 409, json: { error: { code: 'CLOSED_TODAY' } } });
  expect(answer.headers.get('x-request')).toMatch(/./);
  expect(answer.headers.get('x-from')).toBeNull();
});

it('says nothing of the inside when it breaks', async () => {
  const answer = await served.call('/api/notes', { headers: { 'x-broken': '1' } });
  expect(answer).toMatchObject({ status: 500, json: { error: { code: 'INTERNAL' } } });
  expect(answer.text).not.toContain('SELECT');
});

it('is not asked where nobody gets in anyway', async () => {
  expect((await served.call('/api/mine')).status).toBe(401);
  expect((await served.call('/api/nothing')).status).toBe(404);
  expect(seen).toEqual([]);
});
