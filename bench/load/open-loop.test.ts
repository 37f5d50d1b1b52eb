import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { afterEach, expect, test } from 'vitest';
import { LoadClient } from './load-client.ts';
import type { LoadPlan } from './load-plan.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A server that answers anything at once, or when it is let go on. */
async function startServer(): Promise<{ port: number; answered(): number; hold(): void; letGo(): void }> {
  let held: ServerResponse[] | undefined;
  let answered = 0;
  const answer = (response: ServerResponse): void => {
    answered += 1;
    const body = '{"id":"u1","items":[]}';
    response.writeHead(200, { 'content-length': body.length }).end(body);
  };
  const server = createServer((request, response) => {
    request.resume();
    if (held === undefined) answer(response);
    else held.push(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    answered: () => answered,
    hold: () => {
      held = [];
    },
    letGo: () => {
      held?.forEach(answer);
      held = undefined;
    },
  };
}

async function startLoad(port: number, more: Partial<LoadPlan> = {}): Promise<LoadClient> {
  const load = await LoadClient.start({
    target: { host: '127.0.0.1', port },
    users: [{ id: 'u1', token: 't' }],
    catalogue: { pages: [{ path: '/', productIds: ['u1'] }], products: [{ id: 'u1', priceFen: 1 }] },
    loop: 'open',
    requestsPerSecond: 200,
    outstandingPerConnection: 1,
    whenBusy: 'wait',
    timeoutMs: 5_000,
    ...more,
  } as LoadPlan);
  endings.push(() => load.kill());
  return load;
}

test('a server that stands still cannot hide the requests it held up', async () => {
  const server = await startServer();
  const load = await startLoad(server.port);
  await load.startWindow();
  server.hold();
  const before = server.answered();
  await sleep(600);
  server.letGo();
  // Those that fell due meanwhile, and a few that the client may not have read yet.
  await waitUntil('what was held up', () => server.answered() > before + 130);
  const window = await load.endWindow();
  // One request was with the server while it stood; the 120 that fell due behind it count from when they were due.
  expect(window.right + window.wrong).toBeGreaterThan(120);
  expect(window.latency.p50Ms).toBeGreaterThan(100);
});

test('what finds no free connection is counted when it may not wait', async () => {
  const server = await startServer();
  const load = await startLoad(server.port, { whenBusy: 'drop' });
  server.hold();
  await waitUntil('requests without a connection', async () => {
    await load.startWindow();
    await sleep(300);
    return (await load.endWindow()).notSent > 20;
  });
});

test('a request without an answer is lost after its time, and the load goes on', async () => {
  const server = await startServer();
  const load = await startLoad(server.port, { timeoutMs: 200 });
  server.hold();
  await waitUntil('a request to be lost', async () => {
    await load.startWindow();
    await sleep(400);
    return (await load.endWindow()).failures.some(({ reason }) => reason === 'timeout');
  });
  server.letGo();
  await waitUntil('a right answer', async () => {
    await load.startWindow();
    await sleep(200);
    return (await load.endWindow()).right > 0;
  });
});
