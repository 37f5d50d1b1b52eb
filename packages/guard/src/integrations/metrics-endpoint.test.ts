import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { parseExposition } from '../../fixtures/parse-exposition.ts';
import { watch } from '../watch.ts';
import { MetricsEndpoint, type MetricsEndpointOptions } from './metrics-endpoint.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function endpointOf(options: Partial<MetricsEndpointOptions> = {}) {
  const guard = watch();
  const endpoint = new MetricsEndpoint({
    guard,
    address: { host: '127.0.0.1', port: 0, isLoopback: true },
    token: undefined,
    onTrouble: (error) => {
      throw error;
    },
    ...options,
  });
  closers.push(
    () => endpoint.close(),
    () => guard.stop(),
  );
  return endpoint;
}

async function ask(
  endpoint: MetricsEndpoint,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
) {
  const port = await vi.waitFor(() => {
    expect(endpoint.port).not.toBeNull();
    return endpoint.port;
  });
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
}

it('tells metrics as Prometheus reads them, and everything as JSON', async () => {
  const endpoint = endpointOf();
  const { status, type, body } = await ask(endpoint, '/metrics?x=1');
  expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(parseExposition(body).map(({ name }) => name)).toContain('maque_heap_limit_bytes');
  const state = JSON.parse((await ask(endpoint, '/state')).body);
  expect(state.memory.rss).toBeGreaterThan(0);
});

it('answers nothing else', async () => {
  const endpoint = endpointOf();
  expect((await ask(endpoint, '/')).status).toBe(404);
  expect((await ask(endpoint, '/metrics', {}, 'POST')).status).toBe(404);
  expect((await ask(endpoint, '/metrics/../state/')).status).toBe(404);
});

it('tells those who know the token, if there is one', async () => {
  const endpoint = endpointOf({ token: 'a long secret' });
  for (const authorization of ['', 'Bearer', 'Bearer a long secre', 'Bearer a long secret!', 'Basic YTpi']) {
    expect((await ask(endpoint, '/metrics', { authorization })).status).toBe(401);
  }
  expect((await ask(endpoint, '/metrics', { authorization: 'Bearer a long secret' })).status).toBe(200);
});

it('holds few connections at a time', async () => {
  const endpoint = endpointOf();
  await ask(endpoint, '/metrics');
  const open = Array.from({ length: 20 }, () => {
    const request = httpRequest({ port: endpoint.port, path: '/metrics', method: 'POST' });
    // A body that never ends.
    request.setHeader('content-length', '10').flushHeaders();
    return new Promise<boolean>((resolve) => {
      request.on('response', () => resolve(true)).on('error', () => resolve(false));
      closers.push(() => void request.destroy());
    });
  });
  const served = (await Promise.all(open)).filter(Boolean);
  expect(served.length).toBeLessThanOrEqual(8);
});

it('waits for a port that is taken, says so once, and gets it when it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const troubles: (string | undefined)[] = [];
  const retries: (() => void)[] = [];
  const endpoint = endpointOf({
    address: { host: '127.0.0.1', port, isLoopback: true },
    onTrouble: ({ code }) => void troubles.push(code),
    schedule(callback) {
      retries.push(callback);
      return () => {};
    },
  });
  await vi.waitFor(() => expect(retries).toHaveLength(1));
  retries[0]?.();
  await vi.waitFor(() => expect(retries).toHaveLength(2));
  expect(endpoint.port).toBeNull();
  expect(troubles).toEqual(['EADDRINUSE']);
  other.close();
  await once(other, 'close');
  retries[1]?.();
  expect((await ask(endpoint, '/metrics')).status).toBe(200);
  expect(endpoint.port).toBe(port);
});
