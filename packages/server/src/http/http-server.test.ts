import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errors } from '@maque/contract';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { runScenarios } from '@maque/testkit/scenarios/run-scenarios';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallServer, startSmallServer } from '../../testing/small-server.ts';

let server: SmallServer;

beforeAll(async () => {
  server = await startSmallServer((routes) => {
    routes.post('/api/orders', { config: { auth: 'public' } }, () => ({ ok: true }));
    routes.get('/api/products/:id', { config: { auth: 'public' } }, (request) => ({
      id: (request.params as { id: string }).id,
    }));
    routes.get('/api/mine', { config: { auth: 'user' } }, (request) => request.identity);
    routes.get('/api/maybe', { config: { auth: 'optional' } }, (request) => request.identity);
    routes.get('/api/admin/stats', { config: { auth: 'admin' } }, (request) => request.identity);
    routes.get('/api/broken', { config: { auth: 'public' } }, () => {
      throw new Error('select secret from vault failed');
    });
    routes.get('/api/busy', { config: { auth: 'public' } }, () => {
      throw errors.DATABASE_BUSY({ retryAfterSeconds: 2, cause: new Error('locked') });
    });
  });
});

afterAll(() => server[Symbol.asyncDispose]());

describe('an address', () => {
  runScenarios(
    () => server.url,
    [
      {
        name: 'that leads nowhere is not found',
        request: 'GET /api/nothing',
        status: 404,
        contains: ['NOT_FOUND'],
      },
      {
        name: 'with another method says which ones there are',
        request: 'DELETE /api/products/p1',
        status: 405,
        contains: ['METHOD_NOT_ALLOWED', 'allow: GET'],
      },
      {
        name: 'that cannot be decoded is refused',
        request: 'GET /api/products/%zz',
        status: 400,
        contains: ['BAD_REQUEST'],
      },
      {
        name: 'that climbs out of its folder finds nothing',
        request: 'GET /api/products/../../../../etc/passwd',
        status: 404,
        lacks: ['root:'],
      },
      {
        name: 'with an endless parameter is refused',
        request: `GET /api/products/${'a'.repeat(300)}`,
        status: 414,
        contains: ['URI_TOO_LONG'],
      },
      {
        name: 'with endless headers is refused',
        request: 'GET /api/products/p1',
        headers: { 'x-long': 'a'.repeat(20_000) },
        status: 431,
        contains: ['HEADERS_TOO_LARGE'],
      },
    ],
  );
});

describe('a caller', () => {
  runScenarios(
    () => server.url,
    [
      {
        name: 'without a token is asked for one',
        request: 'GET /api/mine',
        status: 401,
        contains: ['AUTH_REQUIRED'],
      },
      {
        name: 'with another scheme is asked for a token',
        request: 'GET /api/mine',
        headers: { authorization: 'Basic YW5uOng=' },
        status: 401,
        contains: ['AUTH_REQUIRED'],
      },
      {
        name: 'with a token is known',
        request: 'GET /api/mine',
        headers: { authorization: 'bearer  ann' },
        status: 200,
        contains: ['"userId":"u-ann"'],
      },
      {
        name: 'with a wrong token is refused, also where none is needed',
        request: 'GET /api/maybe',
        headers: { authorization: 'Bearer bob' },
        status: 401,
        contains: ['TOKEN_INVALID'],
      },
      {
        name: 'may be nobody where that is allowed',
        request: 'GET /api/maybe',
        status: 200,
        contains: ['"kind":"anonymous"'],
      },
      {
        name: 'who is a user is no admin',
        request: 'GET /api/admin/stats',
        headers: { authorization: 'Bearer ann' },
        status: 403,
        contains: ['FORBIDDEN'],
      },
      {
        name: 'who is an admin is no user',
        request: 'GET /api/mine',
        headers: { authorization: 'Bearer root' },
        status: 403,
        contains: ['FORBIDDEN'],
      },
    ],
  );

  it('meets no server whose routes do not say who may call them', async () => {
    const start = startSmallServer((routes) => {
      routes.get('/api/open', () => 'oops');
    });
    await expect(start).rejects.toThrow('GET /api/open does not state config.auth');
  });
});

describe('a fault', () => {
  runScenarios(
    () => server.url,
    [
      {
        name: 'that nobody foresaw says nothing of the inside',
        request: 'GET /api/broken',
        status: 500,
        contains: ['"code":"INTERNAL"'],
        lacks: ['vault'],
      },
      {
        name: 'that passes says when to come back',
        request: 'GET /api/busy',
        status: 503,
        contains: ['DATABASE_BUSY', 'retry-after: 2'],
      },
    ],
  );

  it('is in the log with its cause and the id that the caller was told', async () => {
    const answer = await sendRequest(server.url, { path: '/api/broken' });
    const { requestId } = answer.json<{ error: { requestId: string } }>().error;
    const lines = await waitUntil('the lines', () => {
      const found = server.logged().filter((line) => line.request === requestId);
      return found.length === 2 && found;
    });
    expect(lines).toMatchObject([
      { level: 50, msg: 'a request failed', err: { message: 'select secret from vault failed' } },
      { level: 50, msg: 'request', method: 'GET', route: '/api/broken', status: 500 },
    ]);
  });

  it('of others is told apart: what is logged deep inside carries the id of its request', async () => {
    await using own = await startSmallServer((routes) => {
      routes.get('/api/:name', { config: { auth: 'public' } }, async (request) => {
        await nextTurn();
        own.log.info({ name: (request.params as { name: string }).name }, 'deep inside');
        return { id: request.id };
      });
    });
    const ask = async (name: string) =>
      (await sendRequest(own.url, { path: `/api/${name}` })).json<{ id: string }>();
    const [ann, bob] = await Promise.all([ask('ann'), ask('bob')]);
    const inside = own.logged().filter(({ msg }) => msg === 'deep inside');
    expect(inside).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'ann', request: ann.id }),
        expect.objectContaining({ name: 'bob', request: bob.id }),
      ]),
    );
    own.log.info('of no request');
    expect(own.logged().at(-1)).not.toHaveProperty('request');
  });

  it('of a client that goes away while it sends is nobody to answer and no error of ours', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      'POST /api/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"items"',
    );
    await waitUntil('the request', () => server.http.admission().active === 1);
    socket.destroy();
    await waitUntil('its end', () => server.http.admission().active === 0);
    const line = await waitUntil('its line', () => server.logged().find((one) => one.status === 499));
    expect(line).toMatchObject({ route: '/api/orders' });
    expect(server.logged().filter((one) => one.request === line.request)).toHaveLength(1);
  });
});

describe('a request', () => {
  it('is one line of the log, without its query', async () => {
    await sendRequest(server.url, {
      path: '/api/products/p9?limit=5',
      headers: { 'user-agent': 'test', authorization: 'Bearer ann' },
    });
    await sendRequest(server.url, { path: '/api/mine', headers: { authorization: 'Bearer ann' } });
    await sendRequest(server.url, { path: '/no"where?code=secret' });
    const shown = await waitUntil('three lines', () => {
      const lines = server.logged().slice(-3);
      return lines[0]?.url === '/api/products/p9' && lines[2]?.url === '/no"where' && lines;
    });
    expect(shown).toMatchObject([
      {
        level: 30,
        msg: 'request',
        worker: 'w0',
        method: 'GET',
        route: '/api/products/:id',
        status: 200,
        bytes: 11,
      },
      { route: '/api/mine', user: 'u-ann', status: 200 },
      { method: 'GET', status: 404 },
    ]);
    expect(JSON.stringify(shown)).not.toMatch(/secret|limit/);
  });

  it.each([
    ['bytes that are not HTTP', 'hello\r\n\r\n', /^HTTP\/1.1 400 .*BAD_REQUEST/s],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
      /^HTTP\/1.1 400 /,
    ],
    [
      'a length and chunks, as smugglers send',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      /^HTTP\/1.1 400 /,
    ],
  ])('of %s is refused', async (_case, bytes, expected) => {
    expect(await exchangeBytes(server.port, bytes)).toMatch(expected);
  });

  it('that dribbles in is cut off', async () => {
    await using slow = await startSmallServer(() => {}, { headersTimeoutMs: 200, requestTimeoutMs: 400 });
    const answer = await exchangeBytes(slow.port, 'GET /api/mine HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(answer).toMatch(/^HTTP\/1.1 408 .*REQUEST_TIMEOUT/s);
  });
});

/** Sends bytes as they are and answers with everything that comes until the server closes. */
function exchangeBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
