import { MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { failureOf, startSimulator } from '../with-simulator.fixture.ts';
import { signWithSessionKey } from './session-key.ts';

const LOGIN = '/sns/jscode2session';

describe('code2Session', () => {
  it('tells who is behind a code: always the same openid for the same user', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const first = await client.code2Session('demo-1');
    expect(first.openid).toMatch(/^o[\w-]{27}$/);
    expect(Buffer.from(first.sessionKey, 'base64')).toHaveLength(16);
    expect(first).not.toHaveProperty('unionid');
    expect((await client.code2Session('demo-1')).openid).toBe(first.openid);
    expect((await client.code2Session('demo-2')).openid).not.toBe(first.openid);
    expect((await client.code2Session(sim.simulator.issueCode('demo-1'))).openid).toBe(first.openid);
  });

  it('has the unionid when the account is bound to an Open Platform', async () => {
    await using sim = await startSimulator({ unionIds: true });
    expect((await sim.createClient().code2Session('demo-1')).unionid).toMatch(/^o[\w-]{27}$/);
  });

  it('takes an issued code once, within 5 minutes, and no made-up one', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const used = sim.simulator.issueCode('li');
    await client.code2Session(used);
    const old = sim.simulator.issueCode('li');
    sim.clock.advance(5 * MINUTE);
    for (const [code, errcode] of [
      [used, 40163],
      [old, 40029],
      ['0a1b2c', 40029],
      [sim.simulator.issuePhoneCode('li'), 40029],
    ] as const) {
      const error = await failureOf(client.code2Session(code));
      expect(error).toMatchObject({ code: 'WECHAT_CODE_INVALID', status: 401, kind: 'user', errcode });
    }
    expect(sim.alerts).toEqual([]);
  });

  it('answers for what cannot be a code by itself: it comes from strangers', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    for (const code of [
      '',
      ' ',
      'a b',
      'x'.repeat(257),
      '码',
      'a\r\nb',
      undefined,
      { toString: () => 'demo-1' },
    ]) {
      const error = await failureOf(client.code2Session(code as string));
      expect(error).toMatchObject({ code: 'WECHAT_CODE_INVALID', status: 401 });
    }
    expect(sim.callsOf(LOGIN)).toBe(0);
  });

  it.each([
    [40226, 'WECHAT_USER_BLOCKED', 403],
    [45011, 'WECHAT_TOO_FREQUENT', 429],
    [40013, 'WECHAT_MISCONFIGURED', 500],
    [41008, 'WECHAT_CALL_INVALID', 500],
  ])('gives errcode %i as %s, HTTP %i', async (errcode, code, status) => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'errcode', errcode, path: LOGIN });
    expect(await failureOf(sim.createClient().code2Session('demo-1'))).toMatchObject({
      code,
      status,
      errcode,
    });
    expect(sim.callsOf(LOGIN)).toBe(1);
  });

  it('tells a wrong account from a wrong secret', async () => {
    await using sim = await startSimulator();
    const wrong = [{ appId: 'wx0000000000000000' }, { secret: 'another' }].map((overrides) =>
      failureOf(sim.createClient(overrides).code2Session('demo-1')),
    );
    expect((await Promise.all(wrong)).map((error) => error.errcode)).toEqual([40013, 40125]);
    expect(sim.alerts).toHaveLength(2);
  });

  it('is sent again once when WeChat is busy, never twice', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    sim.simulator.inject({ kind: 'errcode', errcode: -1, path: LOGIN });
    await client.code2Session('demo-1');
    expect(sim.callsOf(LOGIN)).toBe(2);
    sim.simulator.inject({ kind: 'errcode', errcode: -1, path: LOGIN, times: 5 });
    expect((await failureOf(client.code2Session('demo-1'))).code).toBe('WECHAT_BUSY');
    expect(sim.callsOf(LOGIN)).toBe(4);
  });

  it('asks for a new code when the busy first try had used it up', async () => {
    await using sim = await startSimulator();
    sim.simulator.inject({ kind: 'errcode', errcode: -1, path: LOGIN, afterEffect: true });
    const error = await failureOf(sim.createClient().code2Session(sim.simulator.issueCode('li')));
    expect(error).toMatchObject({ code: 'WECHAT_CODE_INVALID', errcode: 40163 });
  });

  it('lets one user log in 100 times a minute, and others meanwhile', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    for (let login = 0; login < 100; login += 1) await client.code2Session('demo-1');
    expect((await failureOf(client.code2Session('demo-1'))).errcode).toBe(45011);
    await client.code2Session('demo-2');
    sim.clock.advance(MINUTE);
    await client.code2Session('demo-1');
  });
});

describe('the session key', () => {
  it('signs as WeChat does: with the key as it was received', async () => {
    const key = 'o0q0otL8aEzpcZL/FT9WsQ==';
    expect(await signWithSessionKey(key, '')).toBe(
      '46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128',
    );
    expect(await signWithSessionKey(key, '{"foo":"bar"}')).toBe(
      '654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b',
    );
  });

  it('is current until the next login replaces it', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const old = await client.code2Session('demo-1');
    expect(await client.checkSessionKey(old)).toBe(true);
    const fresh = await client.code2Session('demo-1');
    expect(await client.checkSessionKey(old)).toBe(false);
    expect(await client.checkSessionKey(fresh)).toBe(true);
    expect(await client.checkSessionKey({ ...fresh, openid: 'oSomebodyElse' })).toBe(false);
  });

  it('stays when WeChat does not replace it', async () => {
    await using sim = await startSimulator({ sessionKeyRotation: 0 });
    const client = sim.createClient();
    const first = await client.code2Session('demo-1');
    expect(await client.code2Session('demo-1')).toEqual(first);
  });

  it('is replaced by a reset, which the old one cannot do twice', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const old = await client.code2Session('demo-1');
    const fresh = await client.resetUserSessionKey(old);
    expect(fresh.openid).toBe(old.openid);
    expect(await client.checkSessionKey(fresh)).toBe(true);
    const error = await failureOf(client.resetUserSessionKey(old));
    expect(error).toMatchObject({ code: 'WECHAT_SESSION_STALE', status: 401, errcode: 87009 });
    const stranger = { openid: 'oNobody', sessionKey: old.sessionKey };
    expect((await failureOf(client.resetUserSessionKey(stranger))).errcode).toBe(87007);
    const { openid } = sim.simulator.open('who-never-logged-in');
    const keyless = { openid, sessionKey: '' };
    expect(await client.checkSessionKey(keyless)).toBe(false);
    expect((await failureOf(client.resetUserSessionKey(keyless))).errcode).toBe(87007);
  });

  it('cannot be told stale from current when WeChat fails', async () => {
    await using sim = await startSimulator();
    const client = sim.createClient();
    const owner = await client.code2Session('demo-1');
    sim.simulator.inject({ kind: 'errcode', errcode: -1, path: '/wxa/checksession', times: 3 });
    expect((await failureOf(client.checkSessionKey(owner))).code).toBe('WECHAT_BUSY');
  });
});
