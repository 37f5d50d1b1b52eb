import { DAY, HOUR, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { APP_ID, SECRET } from '../../with-simulator.fixture.ts';
import { startAccount } from '../with-account.fixture.ts';

const CHECK = '/wxa/msg_sec_check';

async function startCounted() {
  const account = await startAccount();
  return {
    ...account,
    check: async () =>
      (await account.post(CHECK, { version: 2, openid: account.openid, scene: 2, content: 'a' })).errcode,
    quota: async (path: string) =>
      (await account.post('/cgi-bin/openapi/quota/get', { cgi_path: path })).quota,
    [Symbol.asyncDispose]: () => account[Symbol.asyncDispose](),
  };
}

describe('a quota', () => {
  it('is used up by calls, is asked about, and begins anew at midnight in China', async () => {
    await using account = await startCounted();
    // 08:00 in China.
    account.clock.setWallClock(Date.UTC(2026, 5, 1));
    expect(await account.quota(CHECK)).toEqual({ daily_limit: 2_000_000, used: 0, remain: 2_000_000 });
    account.simulator.limit(CHECK, { perDay: 2 });
    expect([await account.check(), await account.check(), await account.check()]).toEqual([0, 0, 45009]);
    expect(await account.quota(CHECK)).toEqual({ daily_limit: 2, used: 2, remain: 0 });
    account.clock.advance(16 * HOUR - 1);
    expect(await account.check()).toBe(45009);
    account.simulator.open('demo-li');
    account.clock.advance(1);
    expect(await account.check()).toBe(0);
  });

  it('of a minute and of a second are others', async () => {
    await using account = await startCounted();
    account.simulator.limit(CHECK, { perMinute: 1 });
    expect([await account.check(), await account.check()]).toEqual([0, 44991]);
    account.clock.advance(MINUTE);
    expect(await account.check()).toBe(0);
    account.simulator.limit('/wxa/generate_urllink', { perSecond: 1 });
    const link = async () => (await account.post('/wxa/generate_urllink', {})).errcode;
    expect([await link(), await link()]).toEqual([0, 44990]);
    account.clock.advance(1 * SECOND);
    expect(await link()).toBe(0);
  });

  it('of links is one for both kinds, with a number of its own', async () => {
    await using account = await startCounted();
    account.simulator.limit('/wxa/generatescheme', { perDay: 2 });
    for (let made = 0; made < 2; made += 1) await account.post('/wxa/generate_urllink', {});
    expect((await account.post('/wxa/generatescheme', { jump_wxa: {} })).errcode).toBe(44993);
  });

  it('can be reset ten times a month, with the secret where there is no token', async () => {
    await using account = await startCounted();
    account.simulator.limit(CHECK, { perDay: 1 });
    expect([await account.check(), await account.check()]).toEqual([0, 45009]);
    const reset = async (way: string, body: Record<string, string>) =>
      (await account.post(`/cgi-bin/clear_quota${way}`, { appid: APP_ID, ...body })).errcode;
    expect(await reset('', {})).toBe(0);
    expect(await account.check()).toBe(0);
    expect(await reset('', { appid: 'wx1' })).toBe(40013);
    expect(await reset('/v2', { appsecret: 'x' })).toBe(40125);
    for (let resets = 1; resets < 10; resets += 1) expect(await reset('/v2', { appsecret: SECRET })).toBe(0);
    expect(await reset('', {})).toBe(48006);
    account.clock.advance(32 * DAY);
    expect(await reset('', {})).toBe(0);
  });

  it('of a path that there is not cannot be asked about, nor set to nothing', async () => {
    await using account = await startCounted();
    const ask = async (path: string) =>
      (await account.post('/cgi-bin/openapi/quota/get', { cgi_path: path })).errcode;
    expect([await ask('/x'), await ask('/sns/jscode2session')]).toEqual([76021, 76022]);
    expect(() => account.simulator.limit('x', { perDay: 1 })).toThrow('path');
    expect(() => account.simulator.limit(CHECK, {})).toThrow('whole numbers');
    expect(() => account.simulator.limit(CHECK, { perDay: -1 })).toThrow('whole numbers');
  });
});

describe('a request id', () => {
  it('tells of the refused call that it came with, without the token or the secret', async () => {
    await using account = await startCounted();
    const refused = await account.post('/cgi-bin/message/subscribe/send', { touser: 'nobody' });
    const rid = String(refused.errmsg).slice(-26);
    const { request } = await account.post('/cgi-bin/openapi/rid/get', { rid });
    expect(request).toMatchObject({
      request_body: '{"touser":"nobody"}',
      response_body: JSON.stringify(refused),
      client_ip: '127.0.0.1',
    });
    const token = await account.createClient().accessToken();
    expect(JSON.stringify(request)).not.toContain(token);
    const wrong = await account.get('/cgi-bin/token', { grant_type: 'x', appid: APP_ID, secret: SECRET });
    const other = await account.post('/cgi-bin/openapi/rid/get', { rid: String(wrong.errmsg).slice(-26) });
    expect(JSON.stringify(other)).not.toContain(SECRET);
    const login = await account.get('/sns/jscode2session');
    expect(login.errcode).toBe(41002);
    const ofLogin = { rid: String(login.errmsg).slice(-26) };
    expect((await account.post('/cgi-bin/openapi/rid/get', ofLogin)).errcode).toBe(76001);
  });

  it('that is none or unknown is refused; the last 200 are known', async () => {
    await using account = await startCounted();
    const ask = async (rid: unknown) => (await account.post('/cgi-bin/openapi/rid/get', { rid })).errcode;
    expect([await ask('x'), await ask('00000000-00000000-00000000')]).toEqual([76002, 76001]);
    const first = String((await account.post(CHECK, {})).errmsg).slice(-26);
    expect(await ask(first)).toBe(0);
    for (let calls = 0; calls < 200; calls += 1) await account.post(CHECK, {});
    expect(await ask(first)).toBe(76001);
  });
});

describe('the addresses of pushes', () => {
  it('are this computer', async () => {
    await using account = await startAccount();
    expect(await account.get('/cgi-bin/getcallbackip')).toEqual({ ip_list: ['127.0.0.1', '::1'] });
  });
});
