import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import { afterEach, expect, it, vi } from 'vitest';
import type { Guard } from '../guard.ts';
import { watchKoa } from './koa.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function countsOf(app: Koa, guard: Guard, paths: readonly string[]) {
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  closers.push(
    () => guard.stop(),
    () => server.close(),
    () => server.closeAllConnections(),
  );
  await once(server, 'listening');
  for (const path of paths) {
    await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`)).text();
  }
  await vi.waitFor(() => expect(guard.meter.stats()).toMatchObject({ total: paths.length, active: 0 }));
  const counted = guard.meter.routes().filter(({ total }) => total > 0);
  return Object.fromEntries(counted.map(({ route, total }) => [route, total]));
}

it('puts where an app is mounted before the route of its router', async () => {
  const app = new Koa();
  const guard = watchKoa(app);
  const router = new Router();
  router.get('/users/:user', (context) => {
    context.body = 'user';
  });
  // What koa-mount does: the inner app sees a shorter path, and `mountPath` stays on the context.
  app.use(async (context, next) => {
    const { path } = context;
    Object.assign(context, { mountPath: '/admin', path: path.replace('/admin', '') });
    await router.routes()(context as never, next);
    context.path = path;
  });
  expect(await countsOf(app, guard, ['/admin/users/1', '/admin/users/2'])).toEqual({
    'GET /admin/users/:user': 2,
  });
});

it('takes expressions, and the pattern that koa-route leaves', async () => {
  const app = new Koa();
  const guard = watchKoa(app);
  const router = new Router();
  router.get(/^\/c\d$/, (context) => {
    context.body = 'c';
  });
  app.use(router.routes());
  app.use((context) => {
    Object.assign(context, { routePath: '/pets/:name', body: 'pet' });
  });
  expect(await countsOf(app, guard, ['/c1', '/c2', '/pets/tobi'])).toEqual({
    'GET /^\\/c\\d$/': 2,
    'GET /pets/:name': 1,
  });
});

it('counts errors that Koa answers itself, where they were thrown', async () => {
  const app = new Koa();
  app.silent = true;
  const guard = watchKoa(app);
  const router = new Router();
  router.get('/teapot', (context) => context.throw(418));
  router.get('/fails', () => Promise.reject(new Error('on purpose')));
  app.use(router.routes());
  expect(await countsOf(app, guard, ['/teapot', '/fails'])).toEqual({ 'GET /teapot': 1, 'GET /fails': 1 });
  expect(guard.meter.stats().errors).toBe(1);
});
