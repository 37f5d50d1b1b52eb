import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { requestBytes, targetAt } from './request-bytes.ts';
import { steadyLoadApart } from './steady-client.ts';

it('asks in turn, at the rate, and counts what was refused', async () => {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const body = request.method === 'POST' ? JSON.stringify(await json(request)) : '';
    seen.push(`${request.method} ${request.url} ${body}`.trim());
    response.writeHead(body === '' ? 503 : 201, { 'content-length': 0 }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const target = targetAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const asked = [{ method: 'POST', path: '/notes', body: '{"stars":3}' } as const, { path: '/notes' }];
  const requests = asked.map((one) => requestBytes(target, one));
  const figures = await steadyLoadApart({
    ...{ target, requests, connections: 4, requestsPerSecond: 50, seconds: 1 },
  });
  server.closeAllConnections();
  server.close();
  // Two seconds of warming up are not counted in the latency, and their failures are.
  expect(figures).toMatchObject({ answered: 50, failed: 75 });
  expect(figures.latency.p50Ms).toBeGreaterThan(0);
  expect(new Set(seen)).toEqual(new Set(['POST /notes {"stars":3}', 'GET /notes']));
});
