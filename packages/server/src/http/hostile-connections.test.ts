import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { KiB, MiB } from '@maque/kit';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallServer, startSmallServer } from '../../testing/small-server.ts';

// Bytes that are no HTTP, lengths that contradict each other and dribbling headers: http-server.test.ts. Deep, broken and
// poisoned JSON: request-bodies.test.ts. Bodies that do not end: body-memory.test.ts. Floods: admission.test.ts.

const ANSWER = 'x'.repeat(24 * MiB);

let server: SmallServer;
beforeAll(async () => {
  server = await startSmallServer(addRoutes, { headersTimeoutMs: 400, requestTimeoutMs: 600 });
});
afterAll(() => server[Symbol.asyncDispose]());

const config = { auth: 'public' } as const;
const late = Promise.withResolvers<object>();
const lateFault = Promise.withResolvers<object>();

function addRoutes(routes: FastifyInstance): void {
  routes.get('/api/quick', { config }, () => ({ ok: true }));
  routes.get('/api/things/:id', { config }, () => ({ ok: true }));
  routes.post('/api/orders', { config }, ({ body }) => ({ body }));
  routes.get('/api/never', { config }, (_request, reply) => {
    reply.header('etag', '"of what never came"');
    return late.promise;
  });
  routes.get('/api/never-well', { config }, () => lateFault.promise);
  routes.get('/api/never-begins', { config, onRequest: () => {} }, () => ({ ok: true }));
  routes.get('/api/large', { config }, (_request, reply) => reply.type('text/plain').send(ANSWER));
  routes.get('/api/file', { config: { ...config, streams: true } }, () => sleep(600, { ok: true }));
}

/** Sends bytes as they are and answers with everything that comes until the server closes. */
async function exchange(bytes: string): Promise<string> {
  const socket = await opened(server);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.write(Buffer.from(bytes, 'latin1'));
  await once(socket, 'close');
  return text;
}

const get = (path: string, headers: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const post = (headers: string, body: string) =>
  `POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
const CLOSE = 'Connection: close\r\n';

it.each<[string, string, RegExp]>([
  [
    'a header of 17 KiB',
    get('/api/quick', `X-Long: ${'a'.repeat(17 * KiB)}\r\n`),
    / 431 .*HEADERS_TOO_LARGE/s,
  ],
  ['two thousand headers', get('/api/quick', 'X-Many: 1234\r\n'.repeat(2_000)), / 431 .*HEADERS_TOO_LARGE/s],
  ['headers without an end', get('/api/quick', 'X-One: 1'), / 408 .*REQUEST_TIMEOUT/s],
  ['an address of 17 KiB', get(`/api/quick?${'a'.repeat(17 * KiB)}`, ''), / 431 .*HEADERS_TOO_LARGE/s],
  ['an id of 300 characters', get(`/api/things/${'a'.repeat(300)}`, CLOSE), / 414 .*URI_TOO_LONG/s],
  [
    'an address that is not encoded',
    get('/api/quick?word=\xe8\x8c\xb6', CLOSE),
    / 400 .*BAD_REQUEST.*percent-encoded/s,
  ],
  ['an address that is no UTF-8', get('/api/things/%E7%BB', CLOSE), / 400 .*BAD_REQUEST/s],
  ['a header with a NUL', get('/api/quick', `X-Nul: a\0b\r\n${CLOSE}`), / 400 .*BAD_REQUEST/s],
  ['a header of half a line', get('/api/quick', `X-Half\r\n${CLOSE}`), / 400 .*BAD_REQUEST/s],
  ['a length that is none', post('Content-Length: -1\r\n', ''), / 400 .*BAD_REQUEST/s],
  ['a length beyond all numbers', post(`Content-Length: ${'9'.repeat(30)}\r\n`, ''), / 400 .*BAD_REQUEST/s],
  ['a chunk that is none', post('Transfer-Encoding: chunked\r\n', 'zz\r\n'), / 400 .*BAD_REQUEST/s],
  [
    'a chunk with an endless extension',
    post('Transfer-Encoding: chunked\r\n', `1;${'a'.repeat(40 * KiB)}`),
    / (400|413) .*(BAD_REQUEST|BODY_TOO_LARGE)/s,
  ],
  ['a body that stops', post('Content-Length: 100\r\n', '{"a"'), / 408 .*REQUEST_TIMEOUT/s],
  ['a body that is no UTF-8', post(`Content-Length: 9\r\n${CLOSE}`, '{"a":"\xff"}'), / 400 .*BAD_JSON/s],
  [
    'a body in chunks that is no UTF-8',
    post(
      `Transfer-Encoding: chunked\r\n${CLOSE}`,
      '9\r\n{"a":"\xed\xa0\x80"}\r\n0\r\n\r\n'.replace('9', 'b'),
    ),
    / 400 .*BAD_JSON/s,
  ],
  ['a version that is none', 'GET /api/quick HTTP/9.9\r\n\r\n', / 400 .*BAD_REQUEST/s],
  ['a method that is none', 'FETCH /api/quick HTTP/1.1\r\nHost: x\r\n\r\n', / 400 .*BAD_REQUEST/s],
  // Node 24 drops what is beyond a hundred: a body that is not seen announced must not be read, as nothing is reserved for it.
  [
    'a length behind a hundred headers',
    post(`${'X-Many: 1\r\n'.repeat(100)}Content-Length: 9\r\n${CLOSE}`, '{"a":"b"}'),
    /^HTTP\/1.1 (431 .*HEADERS_TOO_LARGE|200 .*\r\n\{\}$)/s,
  ],
  ['no host', 'GET /api/quick HTTP/1.1\r\n\r\n', / 400 .*BAD_REQUEST/s],
  ['no host where none is needed', 'GET /api/quick HTTP/1.0\r\n\r\n', / 200 .*"ok":true/s],
  [
    'a query as a method',
    `QUERY /api/quick HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`,
    / 405 .*METHOD_NOT_ALLOWED/s,
  ],
  [
    'a method of WebDAV',
    `PROPFIND /api/quick HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`,
    / 405 .*METHOD_NOT_ALLOWED/s,
  ],
  ['what nobody expects', get('/api/quick', `Expect: a miracle\r\n${CLOSE}`), / 200 .*"ok":true/s],
  ['a wish for another protocol', get('/api/quick', `Upgrade: h2c\r\n${CLOSE}`), / 200 .*"ok":true/s],
  [
    'a wish for a WebSocket where there is none',
    get('/api/quick', 'Upgrade: websocket\r\nConnection: upgrade, close\r\n'),
    / 200 /s,
  ],
])('%s is answered', async (_what, bytes, expected) => {
  expect(await exchange(bytes)).toMatch(expected);
});

describe('an answer', () => {
  let hasty: SmallServer;
  beforeAll(async () => {
    hasty = await startSmallServer(addRoutes, { answerTimeoutMs: 300 });
  });
  afterAll(() => hasty[Symbol.asyncDispose]());

  const ask = (path: string) => sendRequest(hasty.url, { path, headers: { 'accept-language': 'zh-CN' } });

  it('that does not come is given up, and what comes of it later is dropped', async () => {
    const { status, headers, json } = await ask('/api/never');
    const { error } = json<{ error: { code: string; message: string; requestId: string } }>();
    expect([status, error.code, error.message]).toEqual([504, 'ANSWER_TIMEOUT', '处理超时']);
    expect(headers).not.toHaveProperty('etag');
    expect(headers.connection).toBe('close');
    await waitUntil('its place', () => hasty.http.admission().active === 0);
    const said = { level: 50, request: error.requestId, msg: 'a request was not answered in time' };
    expect(hasty.logged()).toContainEqual(expect.objectContaining(said));
    expect((await ask('/api/never-well')).status).toBe(504);
    late.resolve({ ok: true });
    lateFault.reject(new Error('too late'));
    expect((await ask('/api/quick')).status).toBe(200);
  });

  it('waits for no step before it either', async () => {
    expect((await ask('/api/never-begins')).status).toBe(504);
  });

  it('of a file has as long as it takes', async () => {
    expect((await ask('/api/file')).status).toBe(200);
  });

  it('that nobody reads is cut off, and its place is free again', async () => {
    const readers = await Promise.all(Array.from({ length: 5 }, () => opened(hasty)));
    for (const reader of readers) {
      reader.write(get('/api/large', ''));
      reader.pause();
    }
    const cutOff = () =>
      hasty.logged().filter(({ route, status }) => route === '/api/large' && status === 499);
    await waitUntil('five answers', () => cutOff().length === 5);
    expect(hasty.http.admission().active).toBe(0);
    for (const reader of readers) reader.destroy();
  });
});

it('two hundred who send a byte now and then hold a bounded memory, and nobody else up', async () => {
  const rssBefore = process.memoryUsage().rss;
  const slow = await Promise.all(Array.from({ length: 200 }, () => opened(server)));
  // Not `once` of events: it rejects when a byte comes too late for the other end.
  const ends = slow.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const [index, socket] of slow.entries()) {
    // Half never end their headers, half never end their bodies.
    socket.write(
      index % 2 === 0 ? 'GET /api/quick HTTP/1.1\r\nX-Slow: ' : post(`Content-Length: ${MiB}\r\n`, '"'),
    );
    socket.resume();
  }
  const dribble = setInterval(() => {
    for (const socket of slow) if (socket.writable) socket.write('a');
  }, 50);
  try {
    await waitUntil('those that are let in', () => server.http.admission().active > 0);
    // As many as there is memory for; the rest hears so at once.
    const { bodyBytes, maxBodyBytes, active } = server.http.admission();
    expect([bodyBytes <= maxBodyBytes, active <= 16]).toEqual([true, true]);
    expect((await sendRequest(server.url, { path: '/api/quick' })).status).toBe(200);
    await Promise.all(ends);
    await waitUntil('nothing left', () => server.http.admission().bodyBytes === 0);
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(48 * MiB);
  } finally {
    clearInterval(dribble);
  }
});

async function opened({ port }: SmallServer): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}
