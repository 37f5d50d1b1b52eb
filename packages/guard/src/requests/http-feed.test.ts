import { once } from 'node:events';
import { createServer, get, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@maque/kit';
import { afterEach, expect, it, vi } from 'vitest';
import { feedFromHttp } from './http-feed.ts';
import { RequestMeter } from './request-meter.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function feed(): RequestMeter {
  const meter = new RequestMeter({ maxRoutes: 20 });
  closers.push(feedFromHttp(meter, systemClock));
  return meter;
}

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('counts the requests of a server that knows nothing of it, by the shape of their path', async () => {
  const meter = feed();
  const base = await serve((request, response) => {
    // What Express does while it routes.
    request.url = '/rewritten';
    response.statusCode = 200;
    setTimeout(() => response.end('ok'), 20);
  });
  for (const path of ['/orders/1', '/orders/2', '/me?x=1']) await (await fetch(base + path)).text();
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 3, active: 0, errors: 0 }));
  expect(meter.stats().p50Ms).toBeGreaterThan(15);
  const counts = meter.routes().map(({ route, total }) => [route, total]);
  expect(counts).toEqual([
    ['(other)', 0],
    ['GET /orders/:id', 2],
    ['GET /me', 1],
  ]);
});

it('ends requests whose client went away: nothing stays in flight', async () => {
  const meter = feed();
  const base = await serve(() => {});
  const request = get(`${base}/slow`).on('error', () => {});
  await vi.waitFor(() => expect(meter.stats().active).toBe(1));
  request.destroy();
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 1, active: 0 }));
});

it('gives no place to paths that are not there', async () => {
  const meter = feed();
  const base = await serve((request, response) => {
    response.statusCode = request.url === '/real' ? 200 : 404;
    response.end();
  });
  for (const path of ['/wp-login.php', '/.env', '/real']) await fetch(base + path);
  await vi.waitFor(() => expect(meter.stats().total).toBe(3));
  expect(meter.routes().map(({ route, total }) => [route, total])).toEqual([
    ['(other)', 2],
    ['GET /real', 1],
  ]);
});

it('leaves the counting to an app that declares its routes', async () => {
  const meter = feed();
  meter.route('GET /mine');
  const base = await serve((_request, response) => response.end());
  await fetch(`${base}/mine`);
  await fetch(`${base}/mine`);
  expect(meter.stats()).toMatchObject({ total: 0, active: 0 });
});

it('stops when told', async () => {
  const meter = new RequestMeter({ maxRoutes: 5 });
  feedFromHttp(meter, systemClock)();
  const base = await serve((_request, response) => response.end());
  await (await fetch(base)).text();
  expect(meter.stats().total).toBe(0);
});
