import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import express from 'express';
import { afterEach, expect, it } from 'vitest';
import { probeOwnServer } from './probe-own-server.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  return server;
}

const statusOf = (status: number): RequestListener => {
  return (request, response) => response.writeHead(request.url === '/healthz' ? status : 500).end('text');
};

it.each([
  ['200', 200, null],
  ['a redirect', 302, null],
  ['404', 404, '/healthz answers 404'],
  ['503', 503, '/healthz answers 503'],
])('takes %s at the path that the app named for what it is', async (_what, status, failure) => {
  expect(await probeOwnServer([await serve(statusOf(status))], { path: '/healthz' })).toBe(failure);
});

it('takes any answer when no path was named, and asks so that nothing changes', async () => {
  const methods: (string | undefined)[] = [];
  const server = await serve((request, response) => {
    methods.push(request.method);
    response.writeHead(500).end();
  });
  expect(await probeOwnServer([server], { path: null })).toBeNull();
  expect(methods).toEqual(['HEAD']);
});

it('is answered by a framework, too', async () => {
  const app = express();
  app.get('/healthz', (_request, response) => void response.json({ ok: true }));
  expect(await probeOwnServer([await serve(app)], { path: '/healthz' })).toBeNull();
});

it('says what happens to its request', async () => {
  const server = await serve((_request, response) => response.destroy());
  expect(await probeOwnServer([server], { path: '/' })).toMatch(/hang up|socket|aborted|closed/i);
});

it('has nothing to ask what does not speak HTTP', async () => {
  const server = createTcpServer();
  expect(await probeOwnServer([server], { path: '/' })).toBeNull();
  expect(await probeOwnServer([], { path: '/' })).toBeNull();
});
