import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { waitUntil } from '../../stacks/wait-until.ts';
import { Traffic } from './traffic.ts';
import type { TrafficWindow } from './traffic-plan.ts';
import { addCounts, availabilityOf, failedOf, requestsOf } from './traffic-recorder.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

type Answer = (path: string) => { readonly status: number; readonly body: string } | null;

/** A service that answers as told, or cuts the connection. */
async function serve(answer: Answer): Promise<{ readonly host: string; readonly port: number }> {
  const server = createServer((request, response) => {
    const told = answer(request.url ?? '');
    if (told === null) return void request.socket.destroy();
    const headers = { 'content-length': told.body.length, 'x-worker': '7', 'x-release': '1' };
    response.writeHead(told.status, headers).end(told.body);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

const rightAnswer: Answer = (path) => ({
  status: 200,
  body: `{"item":${path.slice('/items/'.length)},"x":1}`,
});

async function traffic(answer: Answer, requestsPerSecond = 200): Promise<Traffic> {
  return new Traffic({ target: await serve(answer), connections: 4, requestsPerSecond, webSockets: 0 });
}

test('right answers count, by worker and release, and never run ahead of the rate', async () => {
  const startedAt = performance.now();
  const running = await traffic(rightAnswer);
  const windows: TrafficWindow[] = [];
  const right = (): number => windows.reduce((sum, { counts }) => sum + counts.right, 0);
  await waitUntil(
    () => {
      windows.push(running.endWindow());
      return right() >= 40;
    },
    { what: '40 answers', timeoutMs: 5_000, everyMs: 10 },
  );
  const dueByNow = ((performance.now() - startedAt) / 1_000) * 200 + 1;
  await running.stop();
  expect(right()).toBeLessThanOrEqual(dueByNow);
  expect(windows.every(({ counts }) => failedOf(counts) === 0)).toBe(true);
  expect(windows.at(-1)?.workers ?? []).toEqual([expect.objectContaining({ worker: '7', release: '1' })]);
});

test('another item, another status and a cut connection are failures of their own', async () => {
  let asked = 0;
  const running = await traffic(() => {
    asked += 1;
    if (asked % 3 === 0) return null;
    return asked % 3 === 1 ? { status: 502, body: 'bad gateway' } : { status: 200, body: '{"item":-1,' };
  });
  await waitUntil(() => asked >= 12, { what: 'requests', timeoutMs: 5_000, everyMs: 5 });
  await running.stop();
  const { counts, failures } = running.endWindow();
  expect(counts).toMatchObject({ right: 0, wrong: expect.any(Number), lost: expect.any(Number) });
  expect(counts.wrong + counts.lost).toBe(asked);
  expect(failures.map(({ reason, status }) => `${reason} ${status}`)).toEqual(
    expect.arrayContaining(['wrong-answer 502', 'wrong-answer 200', 'connection-lost undefined']),
  );
});

test('harm is a share of the requests, until it is over', async () => {
  let harmful = 0;
  let harmless = 0;
  const running = await traffic((path) => {
    if (path.startsWith('/items/')) harmless += 1;
    else harmful += 1;
    return path.startsWith('/items/') ? rightAnswer(path) : { status: 200, body: '{}' };
  }, 400);
  running.setHarm({ share: 0.5, path: '/carts?bytes=1' });
  await waitUntil(() => harmful >= 20, { what: 'harm', timeoutMs: 5_000, everyMs: 5 });
  expect(harmless).toBeGreaterThan(0);
  running.setHarm(null);
  const [harmfulBefore, harmlessBefore] = [harmful, harmless];
  await waitUntil(() => harmless >= harmlessBefore + 40, { what: 'peace', timeoutMs: 5_000, everyMs: 5 });
  await running.stop();
  // At most what was on its way on each connection.
  expect(harmful - harmfulBefore).toBeLessThanOrEqual(4);
  expect(failedOf(running.endWindow().counts)).toBe(0);
});

test('availability is right answers of all that were due', () => {
  const counts = { right: 9_990, wrong: 1, late: 2, lost: 3, notSent: 4 };
  expect(requestsOf(counts)).toBe(10_000);
  expect(availabilityOf(counts)).toBe(0.999);
  expect(failedOf(counts)).toBe(10);
  expect(addCounts([counts, counts])).toEqual({ right: 19_980, wrong: 2, late: 4, lost: 6, notSent: 8 });
});
