import { get } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseExposition } from '../../fixtures/parse-exposition.ts';
import {
  type SmallApp,
  type StartSmallApp,
  startExpress,
  startFastify,
  startFastifyPlugin,
  startKoa,
  startNest,
} from '../../fixtures/small-apps.ts';

const APPS: readonly (readonly [string, StartSmallApp])[] = [
  ['Express 5', startExpress()],
  ['Fastify 5', startFastify],
  ['Fastify 5, as a plugin', startFastifyPlugin],
  ['Koa 3', startKoa],
  ['Nest on Express', startNest('express')],
  ['Nest on Fastify', startNest('fastify')],
];

// Every app is short of memory under this limit.
const SHORT = { pressureLimits: { 'box-memory': { elevated: 0, critical: 0 } } };

let app: SmallApp;
afterEach(() => app.close());

const fetchPath = async (path: string, init?: RequestInit) => {
  const response = await fetch(`http://127.0.0.1:${app.port}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
};

/** Totals by route of everything that was counted. */
const counted = () =>
  Object.fromEntries(
    app.guard.meter
      .routes()
      .filter(({ total }) => total > 0)
      .map(({ route, total }) => [route, total]),
  );

describe.each(APPS)('%s', (_name, start) => {
  it('counts requests by the pattern of their route, prefixes included, once each', async () => {
    app = await start();
    for (const path of ['/orders/1', '/orders/2?x=1', '/shops/7', '/shops/7/orders/1', '/shops/8/orders/2']) {
      expect((await fetchPath(path)).status).toBe(200);
    }
    await vi.waitFor(() => expect(app.guard.meter.stats()).toMatchObject({ total: 5, active: 0, errors: 0 }));
    // Frameworks differ in whether the root of a prefix has a slash at its end.
    const routes = Object.fromEntries(
      Object.entries(counted()).map(([route, total]) => [route.replace(/(.)\/$/, '$1'), total]),
    );
    expect(routes).toEqual({ 'GET /orders/:id': 2, 'GET /shops/:shop': 1, 'GET /shops/:shop/orders/:id': 2 });
  });

  it('gives no place to what is not there, preflights and methods that nobody wrote a route for', async () => {
    app = await start();
    for (const path of ['/wp-login.php', '/.env', '/admin/../x']) await fetchPath(path);
    for (const method of ['OPTIONS', 'PROPFIND']) await fetchPath('/nowhere', { method });
    await vi.waitFor(() => expect(app.guard.meter.stats()).toMatchObject({ total: 5, active: 0 }));
    expect(counted()).toEqual({ '(no route)': 5 });
  });

  it('counts HEAD, streams and errors where they belong', async () => {
    app = await start();
    await fetchPath('/orders/1', { method: 'HEAD' });
    expect((await fetchPath('/stream')).body).toBe('a stream in two parts');
    expect((await fetchPath('/shops/7/fails')).status).toBe(500);
    await vi.waitFor(() => expect(app.guard.meter.stats()).toMatchObject({ total: 3, active: 0, errors: 1 }));
    expect(counted()).toEqual({
      'HEAD /orders/:id': 1,
      'GET /stream': 1,
      'GET /shops/:shop/fails': 1,
    });
  });

  it('ends requests whose client went away', async () => {
    app = await start();
    const request = get({ port: app.port, path: '/slow' }).on('error', () => {});
    await vi.waitFor(() => expect(app.guard.meter.stats().active).toBe(1));
    request.destroy();
    await vi.waitFor(() => expect(app.guard.meter.stats()).toMatchObject({ total: 1, active: 0 }));
    expect(counted()).toEqual({ 'GET /slow': 1 });
  });

  it('answers 503 to a share of the requests while memory is short, and never to a health check', async () => {
    app = await start({ guard: SHORT, shed: true });
    const refusal = await vi.waitFor(
      async () => {
        const answer = await fetchPath('/orders/1');
        expect(answer.status).toBe(503);
        return answer;
      },
      { timeout: 10_000, interval: 1 },
    );
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThanOrEqual(2);
    expect(refusal.headers.get('content-type')).toContain('application/json');
    expect(JSON.parse(refusal.body).error.code).toBe('OVERLOADED');
    for (let round = 0; round < 20; round += 1) expect((await fetchPath('/healthz?x=1')).status).toBe(200);
    await vi.waitFor(() => expect(app.guard.meter.stats().active).toBe(0));
    expect(counted()).toMatchObject({ '(shed)': 1, 'GET /healthz': 20 });
    parseExposition(app.guard.metrics());
  });
});
