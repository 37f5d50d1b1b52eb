import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { KiB, MiB } from '@maque/kit';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { type HttpAnswer, sendRequest } from '@maque/testkit/scenarios/send-request';
import { expect, it } from 'vitest';
import { type SmallServer, startSmallServer } from '../../testing/small-server.ts';

type Changes = Parameters<typeof startSmallServer>[1];

interface Gated extends SmallServer {
  readonly inside: () => number;
  open(): void;
  readonly heldBytes: () => number;
}

/** A server with room for four bodies of 1 MiB, whose route holds each body until the test opens the gate. */
async function startGated(changes: Changes = {}): Promise<Gated> {
  const gate = Promise.withResolvers<void>();
  let inside = 0;
  const server = await startSmallServer(
    (routes) => {
      routes.post('/api/slow', { config: { auth: 'public' } }, async () => {
        inside += 1;
        await gate.promise;
        return { ok: true };
      });
      routes.post('/api/quick', { config: { auth: 'public' } }, () => ({ ok: true }));
    },
    { bodyMemory: 4 * MiB, ...changes },
  );
  return {
    ...server,
    inside: () => inside,
    open: () => gate.resolve(),
    heldBytes: () => server.http.admission().bodyBytes,
    async [Symbol.asyncDispose]() {
      gate.resolve();
      await server[Symbol.asyncDispose]();
    },
  };
}

const bodyOf = (bytes: number) => Buffer.from(JSON.stringify('a'.repeat(bytes - 2)));
const post = (server: SmallServer, path: string, bytes: number, headers: Record<string, string> = {}) =>
  sendRequest(server.url, { method: 'POST', path, body: bodyOf(bytes), headers });
const statuses = (answers: readonly HttpAnswer[]) => answers.map((answer) => answer.status).sort();

it('reads as many large bodies at once as fit, and sends the others away with a time to come back', async () => {
  await using server = await startGated();
  const sent = Array.from({ length: 40 }, () => post(server, '/api/slow', MiB));
  await waitUntil('all to be decided', () => server.http.admission().shed === 36 && server.inside() === 4);
  expect(server.heldBytes()).toBe(4 * MiB);
  server.open();
  const answers = await Promise.all(sent);
  expect(statuses(answers)).toEqual([...Array(4).fill(200), ...Array(36).fill(503)]);
  for (const refused of answers.filter(({ status }) => status === 503)) {
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(refused.json()).toMatchObject({ error: { code: 'OVERLOADED' } });
  }
  await waitUntil('all of it back', () => server.heldBytes() === 0);
});

it('always has room for small bodies', async () => {
  await using server = await startGated();
  const large = Array.from({ length: 4 }, () => post(server, '/api/slow', MiB));
  await waitUntil('a full memory', () => server.heldBytes() === 4 * MiB);
  const small = await Promise.all(Array.from({ length: 50 }, () => post(server, '/api/quick', 4 * KiB)));
  expect(statuses(small)).toEqual(Array(50).fill(200));
  expect((await post(server, '/api/quick', 4 * KiB + 1)).status).toBe(503);
  server.open();
  expect(statuses(await Promise.all(large))).toEqual([200, 200, 200, 200]);
});

it('counts a body that does not say its length as the longest that is read', async () => {
  await using server = await startGated();
  const chunked = { 'transfer-encoding': 'chunked' };
  const held = Array.from({ length: 3 }, () => post(server, '/api/slow', 10, chunked));
  await waitUntil('three inside', () => server.inside() === 3);
  expect(server.heldBytes()).toBe(3 * MiB);
  server.open();
  expect(statuses(await Promise.all(held))).toEqual([200, 200, 200]);
});

it('tells who sends too much that it is too much, whatever else is in flight', async () => {
  await using server = await startGated();
  const held = Array.from({ length: 3 }, () => post(server, '/api/slow', MiB));
  await waitUntil('three inside', () => server.inside() === 3);
  expect((await post(server, '/api/quick', 6 * MiB)).status).toBe(413);
  server.open();
  await Promise.all(held);
});

it('gets back the memory of a client that goes away', async () => {
  await using server = await startGated();
  const socket = connect(server.port, '127.0.0.1');
  socket.write(`${head('/api/slow', MiB)}"half`);
  await waitUntil('its memory', () => server.heldBytes() === MiB);
  socket.destroy();
  await waitUntil('its end', () => server.heldBytes() === 0);
});

it('gets back the memory of those who send a byte now and then, once their time is over', async () => {
  await using server = await startGated({ headersTimeoutMs: 200, requestTimeoutMs: 400 });
  await using slow = await startDribbling(server.port, 4);
  await waitUntil('a full memory', () => server.heldBytes() === 4 * MiB);
  expect((await post(server, '/api/quick', MiB)).status).toBe(503);
  await waitUntil('their end', () => server.heldBytes() === 0);
  expect((await post(server, '/api/quick', MiB)).status).toBe(200);
  expect(await slow.answers()).toEqual(Array(4).fill(expect.stringMatching(/^HTTP\/1.1 408 /)));
});

it('has less for bodies when memory is short, but always enough for one', async () => {
  await using server = await startGated({ admission: { pressure: () => 1 } });
  expect((await post(server, '/api/quick', MiB)).status).toBe(200);
  const held = post(server, '/api/slow', MiB);
  await waitUntil('one inside', () => server.inside() === 1);
  expect((await post(server, '/api/quick', 8 * KiB)).status).toBe(503);
  server.open();
  expect((await held).status).toBe(200);
});

it('is heard by clients that only listen when they have sent everything', async () => {
  await using server = await startGated();
  const held = Array.from({ length: 4 }, () => post(server, '/api/slow', MiB));
  await waitUntil('a full memory', () => server.heldBytes() === 4 * MiB);

  const socket = connect(server.port, '127.0.0.1');
  socket.pause().write(head('/api/slow', MiB));
  await waitUntil('the refusal', () => server.http.admission().shed === 1);
  // By now the server has answered and wants to close; this is on its way all the same.
  for (let sent = 0; sent < 16; sent += 1) {
    await new Promise<void>((resolve, reject) =>
      socket.write(Buffer.alloc(64 * KiB, ' '), (error) => (error == null ? resolve() : reject(error))),
    );
  }
  expect(await textOf(socket.resume())).toMatch(/^HTTP\/1.1 503 .*connection: close.*"code":"OVERLOADED"/is);
  server.open();
  await Promise.all(held);
});

it('does not wait long for a client that never ends', async () => {
  await using server = await startGated();
  const connections = () =>
    new Promise((resolve) => server.http.routes.server.getConnections((_, count) => resolve(count)));
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write(head('/api/slow', 900 * MiB));
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
  expect(await connections()).toBe(1);
  await waitUntil('its end', async () => (await connections()) === 0, 5_000);
  socket.destroy();
});

function head(path: string, bytes: number): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;
}

/** Everything that comes until the server closes. */
function textOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', reject).on('close', () => resolve(text));
  });
}

/** Clients that announce 1 MiB and send ten bytes a second. */
async function startDribbling(port: number, count: number) {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
  const texts = sockets.map((socket) => textOf(socket.on('error', () => {})).catch(() => 'reset'));
  for (const socket of sockets) socket.write(head('/api/slow', MiB));
  const timer = setInterval(() => {
    for (const socket of sockets) socket.write(' ');
  }, 100);
  return {
    answers: () => Promise.all(texts),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}
