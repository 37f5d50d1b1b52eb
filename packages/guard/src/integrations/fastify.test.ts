import { once } from 'node:events';
import { get, ServerResponse } from 'node:http';
import { connect, constants } from 'node:http2';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { afterEach, expect, it, vi } from 'vitest';
import { watch } from '../watch.ts';
import { watchFastify } from './fastify.ts';

afterEach(() => watch().stop());

it('is the whole app’s when it is registered inside a plugin, and counts injected requests', async () => {
  const app = Fastify();
  app.get('/before', async () => 'ok');
  await app.register(watchFastify, { shed: true });
  app.register(async (shop) => void shop.get('/orders/:id', async () => 'ok'), { prefix: '/shop' });
  for (const url of ['/before', '/shop/orders/1', '/shop/orders/2']) {
    expect((await app.inject(url)).statusCode).toBe(200);
  }
  await app.close();
  const counted = watch()
    .meter.routes()
    .filter(({ total }) => total > 0);
  expect(counted.map(({ route, total }) => [route, total])).toEqual([
    ['GET /before', 1],
    ['GET /shop/orders/:id', 2],
  ]);
  expect(watch().meter.active).toBe(0);
});

it('fails the start of an app that gives a wrong option, whichever way', async () => {
  const app = Fastify();
  expect(() => watchFastify(app, { guard: { maxRoutes: 0 } })).toThrow('maxRoutes must be from 1 to 2000');
  await expect(async () => {
    await app.register(watchFastify, { guard: { maxRoutes: 0 } });
  }).rejects.toThrow('maxRoutes must be from 1 to 2000');
});

it('does not count a connection that became a WebSocket, which would be in flight for hours', async () => {
  const app = Fastify();
  const guard = watchFastify(app);
  app.get('/socket', (_request, reply) => void reply.hijack());
  app.server.on('upgrade', (request, socket) => {
    // What @fastify/websocket does: the request goes through the routes, with a response that nobody will end.
    app.routing(request, new ServerResponse(request));
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const headers = { connection: 'upgrade', upgrade: 'websocket' };
  const request = get({ port, path: '/socket', headers });
  await once(request, 'upgrade');
  expect(guard.meter.active).toBe(0);
  await app.close();
});

it('counts HTTP/2, whose streams end one by one on a connection', async () => {
  const app = Fastify({ http2: true });
  const guard = watchFastify(app);
  app.get('/orders/:id', async () => 'ok');
  app.get('/slow', (_request, reply) => void reply.hijack());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const session = connect(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  const slow = session.request({ ':path': '/slow' });
  slow.on('error', () => {});
  const answered = session.request({ ':path': '/orders/7' }).resume();
  await once(answered, 'end');
  await vi.waitFor(() => expect(guard.meter.stats()).toMatchObject({ total: 1, active: 1 }));
  slow.close(constants.NGHTTP2_CANCEL);
  await vi.waitFor(() => expect(guard.meter.stats()).toMatchObject({ total: 2, active: 0 }));
  session.close();
  await app.close();
});
