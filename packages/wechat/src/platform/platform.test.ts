import { describe, expect, it } from 'vitest';
import { startAnswers } from '../with-answers.fixture.ts';
import { APP_ID, failureOf, SECRET, startSimulator } from '../with-simulator.fixture.ts';

const OK = { errcode: 0, errmsg: 'ok' };
const CHECK = '/wxa/msg_sec_check';
const text = { openid: 'oUser', content: 'hello', scene: 'comment' } as const;

describe('the quota of an API', () => {
  it('is told, also to metrics', async () => {
    const quotas: unknown[] = [];
    const quota = { daily_limit: 2_000_000, used: 12, remain: 1_999_988 };
    const rate_limit = { call_count: 4_000, refresh_second: 60 };
    await using wechat = await startAnswers({
      '/cgi-bin/openapi/quota/get': [{ ...OK, quota, rate_limit }, { ...OK, quota }, { errcode: 76021 }],
    });
    const { platform } = wechat.client({ onQuota: (report) => quotas.push(report) });
    expect(await platform.quota(CHECK)).toEqual({
      dailyLimit: 2_000_000,
      used: 12,
      left: 1_999_988,
      rate: { calls: 4_000, seconds: 60 },
    });
    expect(wechat.seen[0]?.body).toEqual({ cgi_path: CHECK });
    expect((await platform.quota(CHECK)).rate).toBeNull();
    expect(quotas).toEqual(Array(2).fill({ path: CHECK, left: 1_999_988, dailyLimit: 2_000_000 }));
    expect(await failureOf(platform.quota('/no/such'))).toMatchObject({
      code: 'WECHAT_NOT_FOUND',
      alert: false,
    });
  });

  it('that is used up is told to metrics as well, and holds the API until it is reset', async () => {
    const quotas: unknown[] = [];
    const verdict = { ...OK, result: { suggest: 'pass', label: 100 } };
    await using wechat = await startAnswers({
      [CHECK]: [{ errcode: 45009 }, verdict],
      '/cgi-bin/clear_quota': [OK],
      '/cgi-bin/clear_quota/v2': [OK, { errcode: 48006 }],
    });
    const client = wechat.client({ onQuota: (report) => quotas.push(report) });
    const used = { code: 'WECHAT_QUOTA_USED_UP', errcode: 45009 };
    expect(await failureOf(client.content.checkText(text))).toMatchObject(used);
    expect(await failureOf(client.content.checkText(text))).toMatchObject(used);
    expect(wechat.seen).toHaveLength(1);
    expect(quotas).toEqual([{ path: CHECK, left: 0, dailyLimit: null }]);

    await client.platform.resetQuotas();
    expect(await client.content.checkText(text)).toMatchObject({ suggest: 'pass' });
    await client.platform.resetQuotasBySecret();
    expect(wechat.seen.slice(1)).toMatchObject([
      { path: '/cgi-bin/clear_quota', query: { access_token: 'the-token' }, body: { appid: APP_ID } },
      { path: CHECK },
      { path: '/cgi-bin/clear_quota/v2', query: {}, body: { appid: APP_ID, appsecret: SECRET } },
    ]);
    expect(await failureOf(client.platform.resetQuotasBySecret())).toMatchObject({ errcode: 48006 });
  });
});

describe('a rid', () => {
  it('is explained, without the secrets that were in the call', async () => {
    const request = {
      invoke_time: 1_635_156_704,
      cost_in_ms: 30,
      request_url: 'access_token=50_Im7secret&openid=o1&js_code=secret2',
      request_body: '{"appid":"wx1","secret":"secret3","a":1}',
      response_body: '{"session_key":"secret4","errcode":45009,"access_token":"secret5 that was cut o',
      client_ip: '203.0.113.7',
    };
    await using wechat = await startAnswers({
      '/cgi-bin/openapi/rid/get': [{ ...OK, request }, { errcode: 76001 }],
    });
    const { platform } = wechat.client();
    const rid = '61725984-6126f6f9-040f19c4';
    expect(await platform.explainRid(rid)).toEqual({
      calledAtMs: 1_635_156_704_000,
      tookMs: 30,
      clientIp: '203.0.113.7',
      requestUrl: 'access_token=***&openid=o1&js_code=***',
      requestBody: '{"appid":"wx1","secret":"***","a":1}',
      responseBody: '{"session_key":"***","errcode":45009,"access_token":"***"',
    });
    expect(await failureOf(platform.explainRid(rid))).toMatchObject({
      code: 'WECHAT_NOT_FOUND',
      status: 404,
    });
    expect((await failureOf(platform.explainRid('rid: 1'))).details).toMatchObject([{ path: 'rid' }]);
  });
});

describe('the addresses of WeChat', () => {
  it('are a list', async () => {
    await using wechat = await startAnswers({
      '/cgi-bin/getcallbackip': [{ ip_list: ['101.226.62.77', '101.226.62.0/24', 7] }, OK],
    });
    const { platform } = wechat.client();
    expect(await platform.callbackAddresses()).toEqual(['101.226.62.77', '101.226.62.0/24']);
    expect(await failureOf(platform.callbackAddresses())).toMatchObject({ code: 'WECHAT_ANSWER_UNREADABLE' });
  });
});

describe('at the simulator', () => {
  it('quotas count down and are reset, a failed call is explained, and addresses are told', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    await client.content.checkText({ ...text, openid });
    expect(await client.platform.quota(CHECK)).toMatchObject({
      dailyLimit: 2_000_000,
      used: 1,
      left: 1_999_999,
    });
    await client.platform.resetQuotas();
    expect(await client.platform.quota(CHECK)).toMatchObject({ used: 0 });
    expect(sim.quotas).toHaveLength(2);

    const { rid } = await failureOf(client.callApi(CHECK, { body: { version: 1 } }));
    if (rid === null) throw new Error('a refusal has a rid');
    const report = await client.platform.explainRid(rid);
    expect(report).toMatchObject({
      clientIp: '127.0.0.1',
      requestBody: expect.stringContaining('"version":1'),
    });
    expect(JSON.stringify(report)).not.toContain(await client.accessToken());
    expect(await client.platform.callbackAddresses()).toContain('127.0.0.1');
  });
});
