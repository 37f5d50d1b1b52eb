import { request } from 'node:http';
import { connect } from 'node:net';
import { MINUTE } from '@maque/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APP_ID, SECRET, startSimulator } from '../with-simulator.fixture.ts';
import { createSimulator } from './simulator.ts';
import { ACCOUNT, get, legacy, post, RID, stable } from './token-calls.fixture.ts';

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
