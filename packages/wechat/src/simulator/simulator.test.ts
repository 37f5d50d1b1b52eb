import { request } from 'node:http';
import { connect } from 'node:net';
import { HOUR, MINUTE, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APP_ID, SECRET, startSimulator } from '../with-simulator.fixture.ts';
import { createSimulator } from './simulator.ts';

const RID = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/;
const ACCOUNT = `appid=${APP_ID}&secret=${SECRET}`;

type Answer = Record<string, unknown> & { errcode?: number; access_token: string; expires_in: number };

const get = async (url: string) => (await (await fetch(url)).json()) as Answer;
const post = async (url: string, value: unknown) => {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return (await (await fetch(url, { method: 'POST', body })).json()) as Answer;
};

const stable = (baseUrl: string, fields = {}) =>
  post(`${baseUrl}/cgi-bin/stable_token`, {
    grant_type: 'client_credential',
    appid: APP_ID,
    secret: SECRET,
    ...fields,
  });
const legacy = (baseUrl: string) => get(`${baseUrl}/cgi-bin/token?grant_type=client_credential&${ACCOUNT}`);
/** 40097 is what a good token gets here, whose arguments are missing. */
const tryToken = async (baseUrl: string, token: string) =>
  (await get(`${baseUrl}/wxa/checksession?access_token=${token}`)).errcode;

/** A request with headers that fetch would not send. */
function statusOf(baseUrl: string, path: string, headers: Record<string, string>, method = 'GET') {
  return new Promise<number>((resolve, reject) => {
    request(baseUrl + path, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('the stable token', () => {
  it('is the same for everybody until 5 minutes before its end, with what is left', async () => {
    await using sim = await startSimulator();
    const first = await stable(sim.baseUrl);
    expect(first).toEqual({ access_token: expect.stringMatching(/^[\w-]{130,512}$/), expires_in: 7200 });
    sim.clock.advance(2 * HOUR - 5 * MINUTE);
    expect(await stable(sim.baseUrl)).toEqual({ ...first, expires_in: 300 });
    sim.clock.advance(1);
    const second = await stable(sim.baseUrl);
    expect(second).toMatchObject({ expires_in: 7200 });
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(40097);
    expect(await tryToken(sim.baseUrl, second.access_token)).toBe(40097);
    sim.clock.advance(5 * MINUTE);
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(42001);
  });

  it('dies at once when another is forced, at most every 30 s and 20 times a day', async () => {
    await using sim = await startSimulator();
    const force = () => stable(sim.baseUrl, { force_refresh: true });
    const first = await stable(sim.baseUrl);
    const forced = await force();
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(40001);
    sim.clock.advance(30 * SECOND - 1);
    expect((await force()).access_token).toBe(forced.access_token);
    sim.clock.advance(1);
    for (let more = 0; more < 19; more += 1) {
      expect((await force()).access_token).not.toBe(forced.access_token);
      sim.clock.advance(30 * SECOND);
    }
    expect((await force()).errcode).toBe(45009);
  });

  it('knows nothing of the legacy one, whose every fetch leaves the one before 5 minutes', async () => {
    await using sim = await startSimulator();
    const stableToken = await stable(sim.baseUrl);
    const first = await legacy(sim.baseUrl);
    const second = await legacy(sim.baseUrl);
    expect(new Set([stableToken, first, second].map((answer) => answer.access_token)).size).toBe(3);
    sim.clock.advance(5 * MINUTE - 1);
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(40097);
    sim.clock.advance(1);
    expect(await tryToken(sim.baseUrl, first.access_token)).toBe(42001);
    expect(await tryToken(sim.baseUrl, second.access_token)).toBe(40097);
    expect(await tryToken(sim.baseUrl, stableToken.access_token)).toBe(40097);
  });
});

describe('what is wrong with a request', () => {
  it.each([
    ['the AppID is missing', { appid: undefined }, 41002],
    ['the secret is missing', { secret: '' }, 41004],
    ['the AppID is another', { appid: 'wx1' }, 40013],
    ['the secret is another', { secret: 'x' }, 40125],
    ['grant_type is another', { grant_type: 'authorization_code' }, 40002],
    ['force_refresh is no boolean', { force_refresh: 'yes' }, 47001],
  ])('%s: %o gets %i', async (_, fields, errcode) => {
    await using sim = await startSimulator();
    expect(await stable(sim.baseUrl, fields)).toEqual({ errcode, errmsg: expect.stringMatching(RID) });
  });

  it('is told with the codes that WeChat has for it', async () => {
    await using sim = await startSimulator();
    const token = `${sim.baseUrl}/cgi-bin/stable_token`;
    const login = `${sim.baseUrl}/sns/jscode2session`;
    const check = `${sim.baseUrl}/wxa/checksession`;
    const { access_token: accessToken } = await stable(sim.baseUrl);
    const answers = await Promise.all([
      get(token),
      post(token, ''),
      post(token, '{'),
      post(token, '[]'),
      post(token, ' '.repeat(70_000)),
      post(`${login}?${ACCOUNT}`, {}),
      get(login),
      get(`${login}?${ACCOUNT}&grant_type=authorization_code`),
      get(`${login}?${ACCOUNT}&js_code=demo-1`),
      get(check),
      get(`${check}?access_token=a%20b`),
      get(`${check}?access_token=${'x'.repeat(64)}`),
      get(`${check}?access_token=${accessToken}&openid=o&signature=s&sig_method=sha1`),
      get(`${sim.baseUrl}/wxa/nothing`),
    ]);
    expect(answers.map((answer) => answer.errcode)).toEqual([
      43002, 44002, 47001, 47001, 45002, 43001, 41002, 41008, 40002, 41001, 40014, 40001, 87008, 40066,
    ]);
    for (const { errmsg } of answers) expect(errmsg).toMatch(RID);
  });

  it('never brings it down: any bytes get an answer or a closed connection', async () => {
    await using sim = await startSimulator();
    const port = Number(new URL(sim.baseUrl).port);
    const send = (bytes: Uint8Array | string) =>
      new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
        socket.on('error', () => undefined).on('close', () => resolve());
        socket.resume();
      });
    const body = fc
      .string()
      .map(
        (text) =>
          `POST /_sim/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
      );
    const target = fc
      .webUrl({ withQueryParameters: true })
      .map((url) => `GET ${url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    await fc.assert(fc.asyncProperty(fc.oneof(fc.uint8Array(), body, target), send), { numRuns: 200 });
    expect(await get(`${sim.baseUrl}/_sim/state`)).toMatchObject({ appId: APP_ID });
  });
});

describe('a fault', () => {
  it('over HTTP is what it is in the process: it hits as many calls as told, of the path told', async () => {
    await using sim = await startSimulator();
    const faults = `${sim.baseUrl}/_sim/faults`;
    const fault = { kind: 'errcode', errcode: 45009, path: '/cgi-bin/token', times: 2 };
    expect(await post(faults, fault)).toEqual({ faults: [fault] });
    expect((await stable(sim.baseUrl)).errcode).toBeUndefined();
    expect((await legacy(sim.baseUrl)).errcode).toBe(45009);
    expect(await get(`${sim.baseUrl}/_sim/state`)).toMatchObject({ faults: [{ ...fault, times: 1 }] });
    await fetch(faults, { method: 'DELETE' });
    expect((await legacy(sim.baseUrl)).errcode).toBeUndefined();
  });

  it('is a slow answer, a page of a gateway, a broken connection or a dead token', async () => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'latency', ms: 80 });
    sim.simulator.inject({ kind: 'html', status: 503 });
    const startedAt = performance.now();
    const page = await fetch(`${sim.baseUrl}/cgi-bin/token`);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
    expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html']);
    expect(await page.text()).toMatch(/^<html>/);

    sim.simulator.inject({ kind: 'drop' });
    await expect(legacy(sim.baseUrl)).rejects.toThrow('fetch failed');
    const tokens = [await stable(sim.baseUrl), await legacy(sim.baseUrl)];
    sim.simulator.inject({ kind: 'kill-token' });
    for (const { access_token: token } of tokens) expect(await tryToken(sim.baseUrl, token)).toBe(40001);
    expect(sim.simulator.calls.slice(0, 2).map((call) => call.outcome)).toEqual(['html', 'drop']);
  });

  it('is JSON that is labelled as plain text: the client reads it all the same', async () => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'text-plain', path: '/cgi-bin/stable_token' });
    const body = JSON.stringify({ grant_type: 'client_credential', appid: APP_ID, secret: SECRET });
    const answer = await fetch(`${sim.baseUrl}/cgi-bin/stable_token`, { method: 'POST', body });
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(await answer.json()).toMatchObject({ expires_in: 7200 });
    sim.simulator.inject({ kind: 'text-plain', times: 9 });
    expect(await sim.createClient().platform.callbackAddresses()).toContain('127.0.0.1');
  });

  it('is a session key that was replaced behind the server', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const session = await client.code2Session('demo-1');
    expect(await client.checkSessionKey(session)).toBe(true);
    sim.simulator.inject({ kind: 'rotate-session-keys' });
    expect(await client.checkSessionKey(session)).toBe(false);
  });

  it('is a clock that is wrong, until the faults are cleared: the client notices', async () => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'clock-skew', ms: 6 * MINUTE });
    const client = sim.createClient();
    for (let calls = 0; calls < 3; calls += 1) await client.platform.callbackAddresses();
    expect(sim.skews).toMatchObject([{ level: 'serious' }]);
    expect(sim.simulator.state().clock).toEqual({ aheadMs: 0, skewMs: 6 * MINUTE });
    sim.simulator.clearFaults();
    expect(sim.simulator.state().clock.skewMs).toBe(0);
  });

  it.each([
    [null],
    [{}],
    [{ kind: 'push' }],
    [{ kind: 'push', how: 'delayed' }],
    [{ kind: 'push', how: 'eaten' }],
    [{ kind: 'push', how: 'lost', path: '/x' }],
    [{ kind: 'clock-skew', ms: 86_400_001 }],
    [{ kind: 'toString' }],
    [{ kind: 'latency' }],
    [{ kind: 'latency', ms: 60_001 }],
    [{ kind: 'errcode', errcode: 0 }],
    [{ kind: 'drop', times: 0 }],
    [{ kind: 'drop', path: 'wxa' }],
    ['{"kind":"drop","__proto__":1}'],
    [{ kind: 'html', status: 99 }],
  ])('that is none is refused: %j', async (fault) => {
    await using sim = await startSimulator();
    const answer = await post(`${sim.baseUrl}/_sim/faults`, fault);
    expect(answer).toMatchObject({ error: { code: 'SIM_REQUEST_INVALID' } });
    expect(sim.simulator.state().faults).toEqual([]);
  });
});

describe('what it keeps', () => {
  it('is bounded: faults, calls, users', async () => {
    await using sim = await startSimulator({ maxUsers: 10 });
    for (let index = 0; index < 32; index += 1) sim.simulator.inject({ kind: 'drop', path: '/none' });
    expect(() => sim.simulator.inject({ kind: 'drop' })).toThrow('32 faults wait already');
    const client = sim.createClient();
    for (let index = 0; index < 210; index += 1) await client.code2Session(`demo-${index}`);
    expect(sim.simulator.calls).toHaveLength(200);
    expect(sim.simulator.users.map((user) => user.name)).toEqual(
      Array.from({ length: 10 }, (_, index) => `demo-${209 - index}`),
    );
    const code = sim.simulator.issueCode('li');
    for (let index = 0; index < 2_000; index += 1) sim.simulator.issueCode('other');
    await expect(client.code2Session(code)).rejects.toMatchObject({ errcode: 40029 });
  });

  it('is bounded: messages, the chat and what is shown of them', async () => {
    await using sim = await startSimulator();
    const { simulator } = sim;
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    const token = await client.accessToken();
    const body = { touser: openid, template_id: 'tmpl-shipped', data: { thing1: { value: 'a' } } };
    const data = { thing1: { value: 'a' }, character_string2: { value: 'b' } };
    for (let sent = 0; sent < 210; sent += 1) {
      await simulator.accept('demo-1', 'tmpl-shipped');
      await post(`${sim.baseUrl}/cgi-bin/message/subscribe/send?access_token=${token}`, { ...body, data });
      await simulator.write('demo-1', String(sent));
    }
    const { messages, chat, calls } = simulator.state();
    expect([messages, chat, calls].map((list) => list.length)).toEqual([50, 50, 50]);
    expect(chat[0]).toMatchObject({ from: 'user', text: '209' });
  });

  it('is shown without a secret', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid, sessionKey } = await client.code2Session('demo-1');
    const token = await client.accessToken();
    const state = await (await fetch(`${sim.baseUrl}/_sim/state`)).text();
    expect(JSON.parse(state)).toMatchObject({
      users: [{ name: 'demo-1', openid, logins: 1 }],
      tokens: [{ endpoint: 'stable', leftSeconds: 7200 }],
      calls: [{ path: '/cgi-bin/stable_token', outcome: 0 }, { path: '/sns/jscode2session' }],
    });
    for (const secret of [SECRET, sessionKey, token]) expect(state).not.toContain(secret);
  });
});

describe('a developer', () => {
  it('gets codes and moves the clock over HTTP', async () => {
    await using sim = await startSimulator();
    const { code } = await post(`${sim.baseUrl}/_sim/codes`, { user: 'li' });
    await post(`${sim.baseUrl}/_sim/clock`, { advanceMs: 5 * MINUTE });
    await expect(sim.createClient().code2Session(String(code))).rejects.toMatchObject({ errcode: 40029 });
    for (const [path, body] of [
      ['codes', { user: '../li' }],
      ['codes', { user: 'li', purpose: 'pay' }],
      ['clock', { advanceMs: -1 }],
      ['clock', 'not json'],
    ] as const) {
      expect(await post(`${sim.baseUrl}/_sim/${path}`, body)).toMatchObject({
        error: { code: 'SIM_REQUEST_INVALID' },
      });
    }
    expect(await get(`${sim.baseUrl}/_sim/nothing`)).toMatchObject({ error: { code: 'SIM_NOT_FOUND' } });
  });

  it('does over HTTP what tests do in the process', async () => {
    await using sim = await startSimulator();
    const ask = (path: string, body: unknown) => post(`${sim.baseUrl}/_sim/${path}`, body);
    const subscribe = { user: 'li', templateIds: ['tmpl-paid'] };
    expect(await ask('subscriptions', subscribe)).toEqual({ push: null });
    await ask('subscriptions', { ...subscribe, templateIds: ['tmpl-shipped'], answer: 'accept' });
    await ask('subscriptions', { ...subscribe, answer: 'switch-off' });
    await ask('chat', { user: 'li', text: 'hello' });
    await ask('templates', { id: 'own', title: 'Mine', content: '{{thing1.DATA}}' });
    const target = { url: 'http://127.0.0.1:1/push', token: 'AAAAA' };
    expect(await ask('push-target', target)).toMatchObject({ pushTarget: { mode: 'plain', format: 'json' } });
    expect(await ask('push-target/check', {})).toMatchObject({ check: { ok: false, error: 'ECONNREFUSED' } });
    await fetch(`${sim.baseUrl}/_sim/push-target`, { method: 'DELETE' });
    expect(await ask('clock', { advanceMs: 1 })).toMatchObject({ aheadMs: 1, skewMs: 0 });
    expect(await ask('limits', { path: '/wxa/checksession', perDay: 0 })).toMatchObject({ perDay: 0 });
    expect(await ask('users', { user: 'wang' })).toMatchObject({ name: 'wang', logins: 0 });
    const state = sim.simulator.state();
    expect(state).toMatchObject({
      chat: [{ user: 'li', text: 'hello' }],
      pushTarget: null,
      users: [{ name: 'wang' }, { name: 'li' }],
    });
    expect(state.subscriptions.map(({ templateId, left }) => [templateId, left])).toEqual([
      ['tmpl-paid', 0],
      ['tmpl-shipped', 1],
    ]);
    expect(state.templates.map(({ id }) => id)).toContain('own');
  });

  it.each([
    ['subscriptions', { user: 'li', templateIds: 'tmpl-paid' }],
    ['subscriptions', { user: 'li', templateIds: ['none'] }],
    ['subscriptions', { user: 'li', templateIds: [] }],
    ['subscriptions', { user: 'li', templateIds: ['tmpl-paid'], answer: 'perhaps' }],
    ['chat', { user: 'li', text: '' }],
    ['templates', { id: 'x' }],
    ['push-target', { url: 'http://127.0.0.1' }],
    ['orders/confirm', { outTradeNo: 'none' }],
    ['orders/remind', {}],
    ['limits', { path: '/wxa/checksession' }],
    ['pay', { outTradeNo: 'none' }],
    ['pay', {}],
    ['pay/behaviour', { lost: 2 }],
    ['pay/finish-refund', { outRefundNo: 'none' }],
  ])('is told what cannot be done: %s %j', async (path, body) => {
    await using sim = await startSimulator();
    expect(await post(`${sim.baseUrl}/_sim/${path}`, body)).toMatchObject({
      error: { code: 'SIM_REQUEST_INVALID' },
    });
  });

  it('sees a page that only runs its own script', async () => {
    await using sim = await startSimulator();
    const response = await fetch(sim.baseUrl);
    const html = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*script-src 'sha256-/,
    );
    expect(html).toContain('微信模拟器');
    expect(html).toContain('/_sim/state');
  });
});

describe('nobody else', () => {
  it('reaches it: it listens on loopback', async () => {
    await using sim = await startSimulator();
    expect(new URL(sim.baseUrl).hostname).toBe('127.0.0.1');
  });

  it.each([
    ['a name that was rebound to this computer', { host: 'evil.example' }],
    ['a name that only begins like ours', { host: 'localhost.evil.example:80' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['an image on another site', { 'sec-fetch-site': 'cross-site' }],
  ])('gets an answer by %s', async (_, headers) => {
    await using sim = await startSimulator();
    for (const path of ['/', '/_sim/state', `/cgi-bin/token?grant_type=client_credential&${ACCOUNT}`]) {
      expect(await statusOf(sim.baseUrl, path, headers)).toBe(403);
    }
    expect(await statusOf(sim.baseUrl, '/_sim/faults', headers, 'DELETE')).toBe(403);
    expect(sim.simulator.calls).toEqual([]);
  });

  it('is mistaken for the own page', async () => {
    await using sim = await startSimulator();
    const headers = { origin: sim.baseUrl, 'sec-fetch-site': 'same-origin' };
    expect(await statusOf(sim.baseUrl, '/_sim/state', headers)).toBe(200);
    expect(await statusOf(sim.baseUrl, '/_sim/state', { host: 'localhost:1234' })).toBe(200);
  });
});

describe('a fault of its own', () => {
  it('is told, and not taken for one of WeChat', async () => {
    const random = () => {
      throw new Error('no dice');
    };
    await using sim = await startSimulator({ random });
    const client = sim.createClient();
    await client.code2Session('demo-1');
    await expect(client.code2Session('demo-1')).rejects.toMatchObject({ code: 'WECHAT_ANSWER_UNREADABLE' });
    const url = `${sim.baseUrl}/sns/jscode2session?${ACCOUNT}&js_code=demo-1&grant_type=authorization_code`;
    expect(await get(url)).toMatchObject({ error: { code: 'SIM_FAILED' } });
  });
});

describe('listening', () => {
  it('says when the port is taken, and can be closed and begun again', async () => {
    await using sim = await startSimulator();
    const port = Number(new URL(sim.baseUrl).port);
    const second = createSimulator({ appId: APP_ID, secret: SECRET, port });
    await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await sim.simulator.close();
    expect(await second.listen()).toBe(sim.baseUrl);
    await second.close();
    await second.close();
  });

  it('ends at once when closed, even with an answer on the way', async () => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'latency', ms: 60_000 });
    const waiting = legacy(sim.baseUrl).catch((error: Error) => error.message);
    while (sim.simulator.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await sim.simulator.close();
    expect(await waiting).toBe('fetch failed');
  });
});
