import { hasSubscribers } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, get, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { systemClock } from '@maque/kit';
import { afterEach, expect, it, vi } from 'vitest';
import { collectGarbage } from '../collect-garbage.ts';
import { feedFromHttp } from './http-feed.ts';
import { RequestMeter } from './request-meter.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const manualClock = { ms: 0, now: () => 0, monotonic: () => manualClock.ms };

function feed(): RequestMeter {
  const meter = new RequestMeter({ maxRoutes: 20 });
  closers.push(feedFromHttp(meter, systemClock));
  return meter;
}

async function serve(listener: RequestListener, server: Server = createServer()): Promise<string> {
  server.on('request', listener).listen(0, '127.0.0.1');
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends bytes as they are over one connection, and ends it when `done` says so of what came back. */
async function converse(base: string, bytes: string, done: (received: string) => boolean): Promise<string> {
  const socket = connect(Number(new URL(base).port), '127.0.0.1');
  socket.on('error', () => {}).write(bytes);
  let received = '';
  for await (const chunk of socket) {
    received += String(chunk);
    if (done(received)) break;
  }
  socket.destroy();
  return received;
}

const requestOf = (path: string, method = 'GET') => `${method} ${path} HTTP/1.1\r\nHost: shop\r\n\r\n`;

const countsOf = (meter: RequestMeter) =>
  Object.fromEntries(
    meter
      .routes()
      .slice(1)
      .map(({ route, total }) => [route, total]),
  );

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

it('counts what a client pipelines, each with its own route, in whatever order it is handled', async () => {
  const meter = feed();
  const waiting: ServerResponse[] = [];
  const base = await serve((_request, response) => {
    waiting.push(response);
    if (waiting.length === 3) for (const late of waiting.toReversed()) late.end('done');
  });
  const sent = ['/a', '/b', '/a'].map((path) => requestOf(path)).join('');
  await converse(base, sent, (received) => received.split('done').length > 3);
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 3, active: 0 }));
  expect(countsOf(meter)).toEqual({ 'GET /a': 2, 'GET /b': 1 });
});

it('ends all that was pipelined when the connection is lost', async () => {
  const meter = feed();
  let begun = 0;
  const base = await serve((_request, response) => {
    begun += 1;
    if (begun === 1) response.write('first');
  });
  const sent = ['/a', '/b', '/c'].map((path) => requestOf(path)).join('');
  await converse(base, sent, (received) => received.includes('first') && begun === 3);
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 3, active: 0 }));
  expect(countsOf(meter)).toEqual({ 'GET /a': 1, 'GET /b': 1, 'GET /c': 1 });
});

it('counts all under heavy load, and estimates the share of each route', async () => {
  const meter = new RequestMeter({ maxRoutes: 20, clock: manualClock });
  closers.push(feedFromHttp(meter, manualClock));
  // Ten thousand a second were under way: one in ten speaks for the others from now on.
  for (let count = 0; count < 1_000; count += 1) meter.start();
  for (let count = 0; count < 1_000; count += 1) meter.endSpokenFor(200);
  manualClock.ms += 100;
  meter.sampled();
  const base = await serve((request, response) => {
    response.statusCode = request.url === '/broken' ? 500 : 200;
    response.end('done');
  });
  const three = ['/often', '/often', '/broken'].map((path) => requestOf(path)).join('');
  await converse(base, three.repeat(400), (received) => received.split('done').length > 1_200);
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 2_200, active: 0, errors: 400 }));
  const { 'GET /often': often = 0, 'GET /broken': broken = 0 } = countsOf(meter);
  // Five times as far off as one in ten of 1,200 strays.
  expect(often + broken).toBeGreaterThan(1_200 - 20);
  expect(broken / (often + broken)).toBeGreaterThan(0.33 - 0.22);
  expect(broken / (often + broken)).toBeLessThan(0.33 + 0.22);
});

it('ends what others speak for when the connection is lost', async () => {
  const meter = new RequestMeter({ maxRoutes: 20, clock: manualClock });
  closers.push(feedFromHttp(meter, manualClock));
  for (let count = 0; count < 6_400; count += 1) meter.start();
  for (let count = 0; count < 6_400; count += 1) meter.endSpokenFor(200);
  manualClock.ms += 100;
  meter.sampled();
  let begun = 0;
  const base = await serve((_request, response) => {
    begun += 1;
    if (begun === 1) response.write('first');
  });
  await converse(base, requestOf('/a').repeat(60), (received) => received.includes('first') && begun === 60);
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 6_460, active: 0, errors: 0 }));
});

it.each([
  ['HEAD', requestOf('/', 'HEAD'), 200],
  ['304 without a body', requestOf('/304'), 304],
  ['an error', requestOf('/500'), 500],
  ['HTTP/1.0 without keep-alive', 'GET / HTTP/1.0\r\n\r\n', 200],
  ['a request without Host, which Node refuses', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['a body that nobody reads', 'POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\nhi', 200],
])('counts %s once', async (_what, bytes, status) => {
  const meter = feed();
  const base = await serve((request, response) => {
    response.writeHead(Number((request.url ?? '').slice(1)) || 200).end();
  });
  const received = await converse(base, bytes, (text) => text.includes('\r\n\r\n'));
  expect(received).toContain(` ${status} `);
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 1, active: 0 }));
  expect(meter.stats().errors).toBe(status >= 500 ? 1 : 0);
});

it.each([
  ['destroys its response', (response: ServerResponse) => response.destroy()],
  ['destroys its socket', (response: ServerResponse) => response.socket?.destroy()],
  [
    'ends after the socket is gone',
    (response: ServerResponse) => response.socket?.destroy() && response.end('x'),
  ],
])('has nothing in flight when a handler %s', async (_what, act) => {
  const meter = feed();
  const base = await serve((_request, response) => void act(response));
  await expect(fetch(base)).rejects.toThrow();
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 1, active: 0 }));
});

it('has nothing in flight when the server closes its connections', async () => {
  const meter = feed();
  const server = createServer();
  const base = await serve(() => {}, server);
  const failed = Promise.all([fetch(base).catch(() => {}), fetch(base).catch(() => {})]);
  await vi.waitFor(() => expect(meter.stats().active).toBe(2));
  server.closeAllConnections();
  await failed;
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 2, active: 0 }));
});

it('does not count an upgrade, which is no request that is answered', async () => {
  const meter = feed();
  const server = createServer().on('upgrade', (_request, socket) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  });
  const base = await serve((_request, response) => response.end(), server);
  const upgrade = 'GET / HTTP/1.1\r\nHost: shop\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
  expect(await converse(base, upgrade, () => true)).toContain(' 101 ');
  expect(meter.stats()).toMatchObject({ total: 0, active: 0 });
});

it('ends by itself when the app declares its routes, after the requests that it began', async () => {
  const meter = feed();
  const waiting: ServerResponse[] = [];
  const base = await serve((_request, response) => void waiting.push(response));
  const answers = [fetch(`${base}/early`)];
  await vi.waitFor(() => expect(waiting).toHaveLength(1));
  meter.route('GET /mine');
  answers.push(fetch(`${base}/late`));
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  expect(hasSubscribers('http.server.request.start')).toBe(false);
  expect(hasSubscribers('http.server.response.finish')).toBe(true);
  for (const response of waiting) response.end();
  await Promise.all(answers);
  await vi.waitFor(() => expect(meter.stats()).toMatchObject({ total: 1, active: 0 }));
  expect(hasSubscribers('http.server.response.finish')).toBe(false);
});

it('keeps no request of a connection that waits for the next one', async () => {
  const meter = feed();
  let last = new WeakRef<object>({});
  const base = await serve((request, response) => {
    last = new WeakRef(request);
    response.end('x'.repeat(100));
  });
  const socket = connect(Number(new URL(base).port), '127.0.0.1');
  closers.push(() => socket.destroy());
  socket.write(requestOf('/'));
  await once(socket, 'data');
  await vi.waitFor(() => expect(meter.stats().total).toBe(1));
  await vi.waitFor(() => {
    collectGarbage();
    expect(last.deref()).toBeUndefined();
  });
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
