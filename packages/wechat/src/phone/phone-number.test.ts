import { describe, expect, it } from 'vitest';
import { APP_ID, failureOf, startSimulator } from '../with-simulator.fixture.ts';

/** A client for whom WeChat gives this as phone_info. */
async function clientWhoGets(sim: Awaited<ReturnType<typeof startSimulator>>, phoneInfo: unknown) {
  return sim.createClient({
    fetch: (async (url: string, init: RequestInit) =>
      url.includes('getuserphonenumber')
        ? new Response(JSON.stringify({ errcode: 0, errmsg: 'ok', phone_info: phoneInfo }))
        : fetch(url, init)) as typeof fetch,
  });
}

describe('phoneNumber', () => {
  it('tells the number behind a code once, and the same user always has the same', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    const code = sim.simulator.issuePhoneCode('demo-1');
    const number = await client.phoneNumber({ code, openid });
    expect(number).toMatchObject({ phoneNumber: expect.stringMatching(/^1380000\d{4}$/), countryCode: '86' });
    expect(await failureOf(client.phoneNumber({ code, openid }))).toMatchObject({
      status: 401,
      errcode: 40029,
    });
    expect(await client.phoneNumber({ code: 'phone-demo-1' })).toEqual(number);
  });

  it('does not take a login code, nor the code of another user', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const { openid } = await client.code2Session('demo-1');
    const login = sim.simulator.issueCode('demo-1');
    expect((await failureOf(client.phoneNumber({ code: login }))).errcode).toBe(40029);
    expect((await failureOf(client.phoneNumber({ code: 'phone-demo-2', openid }))).errcode).toBe(40003);
    expect((await failureOf(client.phoneNumber({ code: 'a b' }))).code).toBe('WECHAT_CODE_INVALID');
  });

  it('bears both kinds of country code', async () => {
    await using sim = await startSimulator();
    const watermark = { timestamp: 1637744274, appid: APP_ID };
    for (const countryCode of ['86', 86]) {
      const info = { phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode, watermark };
      const client = await clientWhoGets(sim, info);
      expect((await client.phoneNumber({ code: 'c' })).countryCode).toBe('86');
    }
  });

  it('refuses a number that is watermarked for another mini-program, or not at all, and one that is missing', async () => {
    await using sim = await startSimulator();
    const number = { phoneNumber: '13580006666', purePhoneNumber: '13580006666', countryCode: '86' };
    for (const info of [{ ...number, watermark: { appid: 'wxOther' } }, number, undefined]) {
      const error = await failureOf((await clientWhoGets(sim, info)).phoneNumber({ code: 'c' }));
      expect(error).toMatchObject({ code: 'WECHAT_APPID_MISMATCH', alert: true });
      expect(JSON.stringify(error)).not.toContain('13580006666');
    }
    const client = await clientWhoGets(sim, { watermark: { appid: APP_ID } });
    expect((await failureOf(client.phoneNumber({ code: 'c' }))).code).toBe('WECHAT_ANSWER_UNREADABLE');
  });
});
