import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, expect, it, vi } from 'vitest';
import type { Guard } from '../guard.ts';
import { watchExpress } from './express.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Sends one request after the other and answers what was counted. */
async function countsOf(app: express.Express, guard: Guard, paths: readonly string[]) {
  const server = createServer(app).listen(0, '127.0.0.1');
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

const answer: express.RequestHandler = (_request, response) => void response.send('ok');
const sorry: express.ErrorRequestHandler = (_error, _request, response, _next) => {
  response.status(500).send('sorry');
};

it('names a route by where it is mounted even if an error handler outside of it answers', async () => {
  const app = express();
  const guard = watchExpress(app);
  const orders = express.Router().get('/:id', () => {
    throw new Error('on purpose');
  });
  app.use('/shops/:shop/orders', orders);
  app.use(sorry);
  expect(await countsOf(app, guard, ['/shops/1/orders/2', '/shops/3/orders/4'])).toEqual({
    'GET /shops/:shop/orders/:id': 2,
  });
});

it('tells the mounts of one router apart', async () => {
  const app = express();
  const guard = watchExpress(app);
  const orders = express.Router().get('/', answer).get('/orders/:id', answer);
  app.use('/v1', orders);
  app.use('/v2/:tenant', orders);
  expect(
    await countsOf(app, guard, ['/v1/orders/1', '/v2/acme/orders/1', '/v2/wing/orders/2', '/v1']),
  ).toEqual({
    'GET /v1/orders/:id': 1,
    'GET /v2/:tenant/orders/:id': 2,
    'GET /v1': 1,
  });
});

it('follows apps that are mounted in apps, and routers in them', async () => {
  const app = express();
  const guard = watchExpress(app);
  const admin = express();
  admin.get('/', answer);
  admin.use('/users/:user', express.Router().get('/roles/:role', answer));
  app.use('/admin/:area', admin);
  expect(await countsOf(app, guard, ['/admin/x', '/admin/y/users/1/roles/2'])).toEqual({
    'GET /admin/:area': 1,
    'GET /admin/:area/users/:user/roles/:role': 1,
  });
});

it('names a parameter right whose value also stands elsewhere in the path', async () => {
  const app = express();
  const guard = watchExpress(app);
  app.use('/users/:name', express.Router().get('/cart', answer));
  expect(await countsOf(app, guard, ['/users/users/cart', '/users/%E9%BA%BB/cart'])).toEqual({
    'GET /users/:name/cart': 2,
  });
});

it('names middleware that answers by its mount, with ids taken out', async () => {
  const app = express();
  const guard = watchExpress(app);
  app.use('/files', answer);
  app.use('/tenants/:id', answer);
  expect(
    await countsOf(app, guard, ['/files/a.png', '/files/b.png', '/tenants/42/x', '/tenants/43']),
  ).toEqual({
    'GET /files/*': 2,
    'GET /tenants/:id/*': 2,
  });
});

it('counts a thousand tenants as one route, and remembers few of them', async () => {
  const app = express();
  const guard = watchExpress(app);
  app.use('/t/:tenant', express.Router().get('/x', answer));
  const paths = Array.from({ length: 200 }, (_, tenant) => `/t/tenant-${tenant}/x`);
  expect(await countsOf(app, guard, paths)).toEqual({ 'GET /t/:tenant/x': 200 });
});

it('takes routes that are lists and expressions', async () => {
  const app = express();
  const guard = watchExpress(app);
  app.get(['/a', '/b'], answer);
  app.get(/^\/c\d$/, answer);
  expect(await countsOf(app, guard, ['/a', '/b', '/c1', '/c2'])).toEqual({
    'GET /a,/b': 2,
    'GET /^\\/c\\d$/': 2,
  });
});

it('counts once when the app is watched twice', async () => {
  const app = express();
  const guard = watchExpress(app);
  expect(watchExpress(app)).toBe(guard);
  app.get('/a', answer);
  expect(await countsOf(app, guard, ['/a'])).toEqual({ 'GET /a': 1 });
});

it('counts once when an app and one that is mounted in it are both watched', async () => {
  const app = express();
  const guard = watchExpress(app);
  const admin = express();
  watchExpress(admin);
  admin.get('/users/:user', answer);
  app.use('/admin', admin);
  expect(await countsOf(app, guard, ['/admin/users/1'])).toEqual({ 'GET /admin/users/:user': 1 });
});

it('leaves request.route to handlers as it was', async () => {
  const app = express();
  const guard = watchExpress(app);
  const seen: unknown[] = [];
  app.use((request, _response, next) => {
    seen.push(request.route);
    next();
  });
  app.get('/orders/:id', (request, response) => {
    seen.push(request.route.path);
    response.send('ok');
  });
  await countsOf(app, guard, ['/orders/1']);
  expect(seen).toEqual([undefined, '/orders/:id']);
});

it('names an option that does not exist, and starts nothing', () => {
  // @ts-expect-error: a typo
  expect(() => watchExpress(express(), { shedd: true })).toThrow('no option "shedd"');
  expect(() => watchExpress(express(), { shed: { healthPaths: ['health'] } })).toThrow('healthPaths');
});
