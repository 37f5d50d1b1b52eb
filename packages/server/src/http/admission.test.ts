import { connect, type Socket } from 'node:net';
import { createManualClock } from '@maque/kit';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { type HttpAnswer, sendRequest } from '@maque/testkit/scenarios/send-request';
import { expect, it } from 'vitest';
import { type SmallServer, startSmallServer } from '../../testing/small-server.ts';
import type { AdmissionOptions } from './admission.ts';

interface Gated extends SmallServer {
  /** How many requests are being worked on. */
  readonly inside: () => number;
  /** Lets those inside end, and all that come later. */
  open(): void;
  /** Sends requests at once, all on connections of their own. */
  flood(count: number, headers?: Record<string, string>): Promise<HttpAnswer>[];
  /** The same with requests that write. */
  write(count: number): Promise<HttpAnswer>[];
}

/** A server whose only routes, one that reads and one that writes, wait until the test opens the gate. */
async function startGated(admission: Partial<AdmissionOptions>): Promise<Gated> {
  const gate = Promise.withResolvers<void>();
  let inside = 0;
  const server = await startSmallServer(
    (routes) => {
      const slow = { url: '/api/slow', config: { auth: 'public' } } as const;
      routes.route({
        ...{ ...slow, method: ['GET', 'POST'] },
        async handler() {
          inside += 1;
          await gate.promise;
          return { ok: true };
        },
      });
      routes.get('/healthz', { config: { auth: 'public' } }, () => ({ status: 'ok' }));
    },
    { admission },
  );
  return {
    ...server,
    inside: () => inside,
    open: () => gate.resolve(),
    flood: (count, headers = {}) =>
      Array.from({ length: count }, () => sendRequest(server.url, { path: '/api/slow', headers })),
    write: (count) =>
      Array.from({ length: count }, () => sendRequest(server.url, { method: 'POST', path: '/api/slow' })),
    async [Symbol.asyncDispose]() {
      gate.resolve();
      await server[Symbol.asyncDispose]();
    },
  };
}

const statuses = (answers: readonly HttpAnswer[]) => answers.map((answer) => answer.status).sort();

it('works on some, makes some wait, and turns the newest away at once with a time to come back', async () => {
  await using server = await startGated({ maxConcurrent: 4, maxQueued: 8 });
  const first = server.flood(12);
  await waitUntil('four inside and eight waiting', () => server.http.admission().queued === 8);
  const refused = await Promise.all(server.flood(88));

  expect(server.inside()).toBe(4);
  expect(statuses(refused)).toEqual(Array(88).fill(503));
  for (const answer of refused) {
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(answer.json()).toMatchObject({ error: { code: 'OVERLOADED', requestId: expect.any(String) } });
  }
  expect(server.http.admission()).toMatchObject({ active: 4, queued: 8, shed: 88 });

  server.open();
  expect(statuses(await Promise.all(first))).toEqual(Array(12).fill(200));
  await waitUntil('an empty house', () => server.http.admission().active === 0);
});

it('lets reads past writes, which leave them a quarter of the places and of the queue', async () => {
  await using server = await startGated({ maxConcurrent: 8, maxQueued: 4 });
  const { admission } = server.http;
  const first = server.write(9);
  await waitUntil('six that write and three that wait', () => admission().queued === 3);
  expect(statuses(await Promise.all(server.write(5)))).toEqual(Array(5).fill(503));
  const reads = server.flood(3);
  await waitUntil('a full house', () => admission().queued === 4);
  expect([server.inside(), admission().active]).toEqual([8, 8]);
  expect(statuses(await Promise.all(server.flood(2)))).toEqual([503, 503]);

  server.open();
  expect(statuses(await Promise.all([...first, ...reads]))).toEqual(Array(12).fill(200));
  await waitUntil('an empty house', () => admission().active === 0);
});

it('gives a place to who has waited longest, whether it reads or writes', async () => {
  const order: string[] = [];
  const inside: (() => void)[] = [];
  await using server = await startSmallServer(
    (routes) => {
      routes.route({
        ...{ method: ['GET', 'POST'], url: '/api/turns', config: { auth: 'public' } },
        handler: ({ headers }) =>
          new Promise((resolve) => {
            order.push(String(headers['x-name']));
            inside.push(() => resolve({ ok: true }));
          }),
      });
    },
    { admission: { maxConcurrent: 2, maxQueued: 8 } },
  );
  const { admission } = server.http;
  const sent: Promise<HttpAnswer>[] = [];
  const send = async (method: string, name: string) => {
    const { active, queued } = admission();
    sent.push(sendRequest(server.url, { method, path: '/api/turns', headers: { 'x-name': name } }));
    await waitUntil(name, () => admission().active + admission().queued === active + queued + 1);
  };
  for (const [index, method] of ['GET', 'GET', 'POST', 'GET', 'POST', 'POST', 'GET'].entries())
    await send(method, `${index} ${method}`);
  for (let ended = 0; ended < sent.length; ended += 1) {
    await waitUntil('the next', () => inside.length > ended);
    inside[ended]?.();
    await sent[ended === 0 ? 0 : Number(order[ended]?.slice(0, 1))];
  }
  expect(order).toEqual(['0 GET', '1 GET', '2 POST', '3 GET', '4 POST', '5 POST', '6 GET']);
  expect(statuses(await Promise.all(sent))).toEqual(Array(7).fill(200));
});

it('answers in the language of the caller', async () => {
  await using server = await startGated({ maxConcurrent: 1, maxQueued: 0 });
  const held = server.flood(1);
  await waitUntil('one inside', () => server.inside() === 1);
  const [refused] = await Promise.all(server.flood(1, { 'accept-language': 'zh-CN' }));
  expect(refused?.text).toContain('服务器繁忙');
  server.open();
  await Promise.all(held);
});

it('tells who has waited too long', async () => {
  await using server = await startGated({ maxConcurrent: 1, maxQueued: 5, queueTimeoutMs: 50 });
  const [held, ...waiting] = server.flood(4);
  expect(statuses(await Promise.all(waiting))).toEqual([503, 503, 503]);
  server.open();
  expect((await held)?.status).toBe(200);
});

it('gives the place of a client that went away while waiting to somebody else', async () => {
  await using server = await startGated({ maxConcurrent: 1, maxQueued: 1 });
  const held = server.flood(1);
  await waitUntil('one inside', () => server.inside() === 1);
  const leaving = new AbortController();
  const gone = fetch(`${server.url}/api/slow`, { signal: leaving.signal }).catch(() => 'gone');
  await waitUntil('one waiting', () => server.http.admission().queued === 1);
  leaving.abort();
  await waitUntil('nobody waiting', () => server.http.admission().queued === 0);
  const next = server.flood(1);
  await waitUntil('one waiting again', () => server.http.admission().queued === 1);
  server.open();
  expect(statuses(await Promise.all([...held, ...next]))).toEqual([200, 200]);
  expect(await gone).toBe('gone');
  expect(server.inside()).toBe(2);
});

it('has room for health checks when there is none for anything else', async () => {
  await using server = await startGated({ maxConcurrent: 1, maxQueued: 0 });
  const held = server.flood(1);
  await waitUntil('one inside', () => server.inside() === 1);
  expect(statuses(await Promise.all(server.flood(1)))).toEqual([503]);
  expect((await sendRequest(server.url, { path: '/healthz' })).status).toBe(200);
  server.open();
  await Promise.all(held);
});

it('has fewer places when memory is short, and all of them again afterwards', async () => {
  let pressure = 1;
  await using server = await startGated({ maxConcurrent: 16, maxQueued: 0, pressure: () => pressure });
  const first = server.flood(16);
  await waitUntil('all to be decided', () => server.http.admission().shed === 14);
  expect(server.inside()).toBe(2);
  pressure = 0;
  const second = server.flood(14);
  await waitUntil('a full house', () => server.inside() === 16);
  server.open();
  const answers = statuses(await Promise.all([...first, ...second]));
  expect(answers).toEqual([...Array(16).fill(200), ...Array(14).fill(503)]);
});

it('lets reads in when places were taken away, too, while writes have more than are left', async () => {
  let pressure = 0;
  await using server = await startGated({ maxConcurrent: 16, maxQueued: 0, pressure: () => pressure });
  const writes = server.write(12);
  await waitUntil('all that may write', () => server.inside() === 12);
  pressure = 0.5;
  const reads = server.flood(3);
  await waitUntil('all to be decided', () => server.inside() + server.http.admission().shed === 15);
  expect(server.inside()).toBe(14);
  server.open();
  expect(statuses(await Promise.all([...writes, ...reads]))).toEqual([...Array(14).fill(200), 503]);
});

it('turns requests away when turns of the event loop stay long, and stops when they do not', async () => {
  const clock = createManualClock();
  await using server = await startSmallServer(
    (routes) => {
      routes.get('/api/busy', { config: { auth: 'public' } }, () => {
        // What 30 ms of work look like to a clock: each turn with a request in it is a long one.
        clock.advance(30);
        return { ok: true };
      });
    },
    { clock, admission: { maxTurnMs: 25 } },
  );
  const flood = (count: number) => pipeline(server.port, '/api/busy', count);

  expect(await flood(3)).toEqual([200, 200, 200]);
  await waitUntil('overload', async () => (await flood(20)).includes(503));
  expect(await flood(20)).toEqual([200, ...Array(19).fill(503)]);
  // One at a time there is always room.
  for (let round = 0; round < 10; round += 1) expect(await flood(1)).toEqual([200]);

  clock.advance(1_001);
  await flood(1);
  expect(await flood(3)).toEqual([200, 200, 200]);
});

/** Sends requests in one packet, so that they all arrive in one turn; answers with the statuses in their order. */
function pipeline(port: number, path: string, count: number): Promise<number[]> {
  const requests = Array.from({ length: count }, (_, index) => {
    const connection = index === count - 1 ? 'close' : 'keep-alive';
    return `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\n\r\n`;
  });
  return new Promise((resolve, reject) => {
    let text = '';
    connect(port, '127.0.0.1', function onConnect(this: Socket) {
      this.write(requests.join(''));
    })
      .on('data', (chunk) => {
        text += chunk.toString();
      })
      .on('error', reject)
      .on('close', () => resolve([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]))));
  });
}
