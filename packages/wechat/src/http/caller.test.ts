import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createWechatClient } from '../client.ts';
import { APP_ID, failureOf, SECRET, startSimulator } from '../with-simulator.fixture.ts';
import { retryDelay } from './retry-delay.ts';

const LOGIN = '/sns/jscode2session';

/** A server that answers in ways that the simulator has no name for. */
async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    client: (overrides = {}) =>
      createWechatClient({
        appId: APP_ID,
        secret: SECRET,
        baseUrl: `http://127.0.0.1:${port}`,
        sleep: async () => undefined,
        ...overrides,
      }),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe('an answer', () => {
  it('is read by its content, whatever the header says', async () => {
    await using server = await serve((_, response) => {
      response.setHeader('content-type', 'text/plain');
      response.end(' {"openid":"o1","session_key":"HyVFkGl5F5OQWJZZaNzBBg==","errcode":0}\n');
    });
    expect(await server.client().code2Session('c1')).toEqual({
      openid: 'o1',
      sessionKey: 'HyVFkGl5F5OQWJZZaNzBBg==',
    });
  });

  it('has numbers of 64 bits to the digit, as text: a msgid is compared with that of an event', async () => {
    await using server = await serve((request, response) => {
      const isToken = request.url?.startsWith('/cgi-bin/stable_token') === true;
      response.end(
        isToken
          ? '{"access_token":"t","expires_in":7200}'
          : '{"errcode":0,"msgid":1700827132819554304,"count":9007199254740991}',
      );
    });
    expect(await server.client().callApi('/cgi-bin/message/subscribe/send')).toEqual({
      errcode: 0,
      msgid: '1700827132819554304',
      count: Number.MAX_SAFE_INTEGER,
    });
  });

  it.each([
    ['HTML', 502, '<html>Bad Gateway</html>', 'HTML'],
    ['an empty body', 200, '', 'nothing'],
    ['text', 200, 'ok', 'text that is no JSON object'],
    ['an array', 200, '[1]', 'text that is no JSON object'],
    ['half an object', 200, '{"openid":"o1"', 'broken JSON'],
    ['the JSON of somebody else', 503, '{"message":"no upstream"}', 'JSON without errcode'],
    ['a session without its key', 200, '{"openid":"o1"}', 'JSON without session_key'],
  ])('that is %s is an error that says so', async (_, status, body, found) => {
    await using server = await serve((_request, response) => response.writeHead(status).end(body));
    const error = await failureOf(server.client().code2Session('c1'));
    expect(error).toMatchObject({
      code: 'WECHAT_ANSWER_UNREADABLE',
      status: 502,
      errcode: null,
      path: LOGIN,
    });
    expect(error.adviceIn('en')).toContain(found);
  });

  it('larger than the bound is cut off, not collected', async () => {
    let sent = 0;
    await using server = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && sent < 64_000_000) {
          sent += 64_000;
          if (!response.write(' '.repeat(64_000))) return;
        }
      };
      response.on('drain', more);
      more();
    });
    const error = await failureOf(server.client({ maxAnswerBytes: 100_000 }).code2Session('c1'));
    expect(error.code).toBe('WECHAT_ANSWER_UNREADABLE');
    expect(error.adviceIn('en')).toContain('more than 100000 bytes');
    expect(sent).toBeLessThan(64_000_000);
  });

  it('that does not come in time is waited for no longer, its body included', async () => {
    await using server = await serve((_, response) => response.writeHead(200).write('{"openid":'));
    const error = await failureOf(server.client({ timeoutMs: 50 }).code2Session('c1'));
    expect(error).toMatchObject({ code: 'WECHAT_TIMED_OUT', status: 504, data: { timeoutMs: 50 } });
  });

  it('that leads elsewhere is not followed: the secret would go with it', async () => {
    let followed = false;
    await using server = await serve((request, response) => {
      followed ||= request.url === '/elsewhere';
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect((await failureOf(server.client().code2Session('c1'))).code).toBe('WECHAT_UNREACHABLE');
    expect(followed).toBe(false);
  });
});

describe('a picture', () => {
  const PICTURE = Buffer.from('89504e470d0a1a0a00ff', 'hex');
  const qrCode = async (contentType: string, body: string | Buffer, status = 200) => {
    await using server = await serve((request, response) => {
      const isToken = request.url?.startsWith('/cgi-bin/stable_token') === true;
      response.writeHead(isToken ? 200 : status, {
        'content-type': isToken ? 'application/json' : contentType,
      });
      response.end(isToken ? '{"access_token":"t","expires_in":7200}' : body);
    });
    return await server.client().links.qrCode({ scene: 'a=1' });
  };

  it('comes as its bytes', async () => {
    expect(await qrCode('image/png', PICTURE)).toEqual({ contentType: 'image/png', bytes: PICTURE });
  });

  it('that is refused is JSON, even when the header says that it is a picture', async () => {
    for (const type of ['image/jpeg', 'application/json', 'text/plain']) {
      const error = await failureOf(qrCode(type, '{"errcode":41030,"errmsg":"invalid page rid: 1-2-3"}'));
      expect(error).toMatchObject({ code: 'WECHAT_MISCONFIGURED', errcode: 41030, rid: '1-2-3' });
    }
  });

  it.each([
    ['JSON without one', 'application/json', '{"errcode":0}', 200, 'JSON without a picture'],
    ['a page', 'text/html', '<html>', 200, 'HTML'],
    ['text', 'text/plain', PICTURE, 200, 'text that is no JSON object'],
    ['nothing', 'image/png', '', 200, 'nothing'],
    ['the picture of a gateway', 'image/png', PICTURE, 502, 'a picture'],
    ['more than 1 MiB', 'image/png', Buffer.alloc(2 ** 20 + 1), 200, 'more than 1048576 bytes'],
  ])('that is %s is an error that says so', async (_, type, body, status, found) => {
    const error = await failureOf(qrCode(type, body, status));
    expect(error.code).toBe('WECHAT_ANSWER_UNREADABLE');
    expect(error.adviceIn('en')).toContain(found);
  });

  it('instead of JSON is an error too', async () => {
    await using server = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'image/png' }).end(PICTURE),
    );
    const error = await failureOf(server.client().code2Session('c1'));
    expect(error.adviceIn('en')).toContain('a picture');
  });
});

describe('an error', () => {
  it('holds no secret, however it is looked at', async () => {
    const fetchThatTells = async (url: unknown) => {
      throw new TypeError(`fetch failed: ${url}`, { cause: new Error(`cannot reach ${url}`) });
    };
    await using sim = await startSimulator();
    const client = sim.createClient({ fetch: fetchThatTells as typeof fetch });
    const error = await failureOf(client.code2Session('the-code-itself'));
    const seen = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
    expect(error.code).toBe('WECHAT_UNREACHABLE');
    expect(seen).not.toContain(SECRET);
    expect(seen).not.toContain('the-code-itself');
    expect(inspect(sim.reports)).not.toContain(SECRET);
  });

  it('names what broke the connection', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    await sim.simulator.close();
    const error = await failureOf(client.code2Session('c1'));
    expect(error).toMatchObject({ code: 'WECHAT_UNREACHABLE', data: { reason: 'ECONNREFUSED' } });
  });
});

describe('a retry', () => {
  it('comes after a busy answer, at most twice, later each time, and only if it does no harm', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    await client.accessToken();
    const path = '/wxa/checksession';
    sim.simulator.inject({ kind: 'errcode', errcode: -1, path, times: 9 });
    const request = { method: 'GET', query: {} } as const;

    const error = await failureOf(client.callApi(path, { ...request, idempotent: true }));
    expect(error).toMatchObject({ code: 'WECHAT_BUSY', errcode: -1, status: 503 });
    expect(sim.callsOf(path)).toBe(3);
    expect(sim.slept).toEqual([150, 300]);

    await failureOf(client.callApi(path, request));
    expect(sim.callsOf(path)).toBe(4);
  });

  it('never comes more than three times, nor for what would fail again', () => {
    expect([0, 1, 2, 3].map((done) => retryDelay('soon', done, 99, 0))).toEqual([100, 200, 400, null]);
    expect([0, 1, 2].map((done) => retryDelay('soon', done, 99, 0.999))).toEqual([199.9, 399.8, 799.6]);
    expect(retryDelay('never', 0, 3, 0)).toBeNull();
    expect(retryDelay('new-token', 0, 3, 0)).toBeNull();
  });

  it('hides a connection that broke, and a page of a gateway', async () => {
    await using sim = await startSimulator();
    for (const kind of ['drop', 'html'] as const) {
      sim.simulator.inject({ kind, path: '/cgi-bin/stable_token', times: 2 });
      expect(await sim.createClient().accessToken()).toMatch(/^[\w-]{20,}$/);
    }
    expect(sim.callsOf('/cgi-bin/stable_token')).toBe(6);
  });
});

describe('a refusal that concerns the whole path', () => {
  it('keeps calls from being sent until it makes sense to look again', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    sim.simulator.inject({ kind: 'errcode', errcode: 45009, path: LOGIN });
    const first = await failureOf(client.code2Session('demo-1'));
    expect(first).toMatchObject({ code: 'WECHAT_QUOTA_USED_UP', status: 503, retryAfterSeconds: 900 });

    sim.clock.advance(899_000);
    expect(await failureOf(client.code2Session('demo-1'))).toMatchObject({ errcode: 45009 });
    expect(sim.callsOf(LOGIN)).toBe(1);
    expect(sim.alerts).toHaveLength(1);

    sim.clock.advance(1_000);
    expect(await client.code2Session('demo-1')).toHaveProperty('openid');
    expect(sim.callsOf(LOGIN)).toBe(2);
  });

  it('holds one path, not the others, and 45011 none: it may be one busy user', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    sim.simulator.inject({ kind: 'errcode', errcode: 44991, path: '/wxa/checksession' });
    const key = await client.code2Session('demo-1');
    expect(await failureOf(client.checkSessionKey(key))).toMatchObject({
      status: 429,
      retryAfterSeconds: 60,
    });
    expect(await client.code2Session('demo-1')).toHaveProperty('openid');

    sim.simulator.inject({ kind: 'errcode', errcode: 45011, path: LOGIN });
    expect(await failureOf(client.code2Session('demo-1'))).toMatchObject({
      status: 429,
      retryAfterSeconds: 60,
    });
    expect(await client.code2Session('demo-2')).toHaveProperty('openid');
  });
});

describe('the hooks', () => {
  it('are told of each try with its errcode, time and rid, and of what operators must know', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    sim.simulator.inject({ kind: 'errcode', errcode: -1, path: LOGIN });
    sim.simulator.inject({ kind: 'drop', path: LOGIN });
    await failureOf(client.code2Session('demo-1'));
    await client.code2Session('demo-1');
    const rid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
    expect(sim.reports).toMatchObject([
      { path: LOGIN, errcode: -1, failure: 'WECHAT_BUSY', rid, attempt: 1 },
      { path: LOGIN, errcode: null, failure: 'WECHAT_UNREACHABLE', rid: null, attempt: 2 },
      { path: LOGIN, errcode: 0, failure: null, rid: null, attempt: 1 },
    ]);

    sim.simulator.inject({ kind: 'errcode', errcode: 40164, path: LOGIN });
    await failureOf(client.code2Session('demo-1'));
    expect(sim.alerts).toMatchObject([{ errcode: 40164, seenIp: '127.0.0.1' }]);
  });

  it('break nothing when they throw', async () => {
    await using sim = await startSimulator();
    const broken = () => {
      throw new Error('a hook');
    };
    const client = sim.createClient({
      onCall: broken,
      onAlert: broken,
      onQuota: broken,
      onClockSkew: broken,
    });
    expect(await client.code2Session('demo-1')).toHaveProperty('openid');
  });
});
