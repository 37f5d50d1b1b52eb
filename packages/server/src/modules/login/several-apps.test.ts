import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callerOf } from '../../../testing/console-client.ts';
import { SECOND_APP_ID, type SeveralApps, startSeveralApps } from '../../../testing/several-apps.ts';
import { APP_ID, SECRET, startServer, type TestServer } from '../../../testing/start-server.ts';

const opened = new AsyncDisposableStack();
let wechat: SeveralApps;
let server: TestServer;
let dataDir: string;
let call: Call;

beforeAll(async () => {
  wechat = opened.use(await startSeveralApps());
  dataDir = opened.use(await tempFolder()).path;
  const env = { MAQUE_WECHAT_MORE_APPS: `${SECOND_APP_ID}:${SECRET}` };
  server = opened.use(await startServer({ dataDir, simulator: wechat.url, env }));
  call = callerOf(server);
});
afterAll(() => opened.disposeAsync());

const logInTo = async (appId: string | undefined, name: string) => {
  const simulator = appId === SECOND_APP_ID ? wechat.second : wechat.first;
  const body = { code: simulator.issueCode(name), ...(appId === undefined ? {} : { appId }) };
  return call('POST', '/api/login/wechat', { body });
};

describe('several mini-programs on one server', () => {
  it('have one user for a person whose unionid they share', async () => {
    const first = await logInTo(undefined, 'ann');
    const second = await logInTo(SECOND_APP_ID, 'ann');
    const again = await logInTo(APP_ID, 'ann');
    expect(second.json.user).toEqual(first.json.user);
    expect(again.json.user.id).toBe(first.json.user.id);
    expect((await logInTo(SECOND_APP_ID, 'bob')).json.user.id).not.toBe(first.json.user.id);
    const { items } = (await call('GET', '/api/me/sessions', { token: second.json.token })).json;
    expect(items.map(({ appId, current }: { appId: string; current: boolean }) => [appId, current])).toEqual([
      [APP_ID, false],
      [SECOND_APP_ID, true],
      [APP_ID, false],
    ]);
  });

  it('make one user of somebody who comes first through both at once', async () => {
    const logins = Array.from({ length: 8 }, (_, index) =>
      logInTo(index % 2 ? APP_ID : SECOND_APP_ID, 'cai'),
    );
    const ids = (await Promise.all(logins)).map(({ json }) => json.user.id);
    expect(new Set(ids).size).toBe(1);
  });

  it('are known by their AppID, and no other is', async () => {
    expect((await call('POST', '/api/login/wechat', { body: { code: 'x', appId: 'wxother' } })).code).toBe(
      'LOGIN_APP_UNKNOWN',
    );
    const body = { code: wechat.first.issueCode('dan'), appId: SECOND_APP_ID };
    expect((await call('POST', '/api/login/wechat', { body })).code).toBe('LOGIN_CODE_INVALID');
  });

  it('bind phones each with their own codes, encrypted at rest', async () => {
    const { token } = (await logInTo(SECOND_APP_ID, 'eve')).json;
    const bind = (code: string) => call('POST', '/api/me/phone', { token, body: { code } });
    expect((await bind(wechat.first.issuePhoneCode('eve'))).code).toBe('PHONE_CODE_INVALID');
    expect((await bind(wechat.second.issuePhoneCode('dan'))).code).toBe('PHONE_CODE_INVALID');
    const code = wechat.second.issuePhoneCode('eve');
    const { phone } = (await bind(code)).json;
    expect(phone).toMatch(/^1380000\d{4}$/);
    expect((await bind(code)).code).toBe('PHONE_CODE_INVALID');
    expect((await call('GET', '/api/me', { token })).json.phone).toBe(phone);
    for (const file of ['maque.db', 'maque.db-wal', 'logs']) {
      if (file !== 'logs') expect(readFileSync(join(dataDir, file), 'latin1')).not.toContain(phone);
    }
    expect((await call('DELETE', '/api/me/phone', { token })).json.phone).toBeNull();
  });
});

it('phones that wait for a WeChat that hangs leave the other places to others', async () => {
  await using temp = await tempFolder();
  // Of eight places one is for phones.
  const env = { MAQUE_MAX_CONCURRENT: '8' };
  await using small = await startServer({ dataDir: temp.path, simulator: wechat.url, env });
  const ask = callerOf(small);
  const tokens = await Promise.all(
    ['hal', 'ida'].map(async (name) => {
      const body = { code: wechat.first.issueCode(name) };
      return (await ask('POST', '/api/login/wechat', { body })).json.token as string;
    }),
  );
  const bind = (name: string, token: string | undefined) =>
    ask('POST', '/api/me/phone', { token, body: { code: wechat.first.issuePhoneCode(name) } });
  wechat.first.inject({ kind: 'latency', ms: 2_000, path: '/wxa/business/getuserphonenumber' });
  const answers = await Promise.all(['hal', 'ida'].map((name, index) => bind(name, tokens[index])));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 503]);
  expect(answers.find(({ status }) => status === 503)?.code).toBe('OVERLOADED');
});

it('a user binds a phone five times a minute at most, and may let go of it still', async () => {
  const { token } = (await logInTo(undefined, 'jon')).json;
  const bind = () => call('POST', '/api/me/phone', { token, body: { code: 'made-up' } });
  for (let time = 0; time < 5; time += 1) expect((await bind()).code).toBe('PHONE_CODE_INVALID');
  expect(await bind()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
  expect((await call('DELETE', '/api/me/phone', { token })).status).toBe(200);
});

describe('sessions', () => {
  it('are listed with where they were begun, and one is ended without the others', async () => {
    const { token: kept } = (await logInTo(undefined, 'fay')).json;
    const headers = { 'user-agent': 'MicroMessenger/8.0 '.repeat(40) };
    const body = { code: wechat.first.issueCode('fay') };
    const { token: gone } = (await call('POST', '/api/login/wechat', { body, headers })).json;
    const list = async () => (await call('GET', '/api/me/sessions', { token: kept })).json.items;
    const [newest] = await list();
    expect(newest).toMatchObject({ current: false, ip: '127.0.0.1', appId: APP_ID });
    expect(newest.device).toHaveLength(160);
    const stranger = (await logInTo(undefined, 'gus')).json.token;
    const end = (token: string) => call('DELETE', `/api/me/sessions/${newest.id}`, { token });
    expect((await end(stranger)).code).toBe('NOT_FOUND');
    expect((await end(kept)).status).toBe(204);
    expect((await call('GET', '/api/me', { token: gone })).code).toBe('TOKEN_INVALID');
    expect(await list()).toMatchObject([{ current: true }]);
  });
});

it.each([
  ['no first one', { MAQUE_WECHAT_MORE_APPS: 'wx12345678:secretsecret' }, 'WECHAT_FIRST_APP_MISSING'],
  ['no secret', { MAQUE_WECHAT_MORE_APPS: 'wx12345678' }, 'WECHAT_APP_INVALID'],
  ['the first one again', { MAQUE_WECHAT_MORE_APPS: `${APP_ID}:secretsecret` }, 'WECHAT_APP_TWICE'],
])('a server with %s does not start, and quotes no secret', async (_case, env, code) => {
  await using folder = await tempFolder();
  const simulator = code === 'WECHAT_FIRST_APP_MISSING' ? {} : { simulator: wechat.url };
  const failed = await startServer({ dataDir: folder.path, env, ...simulator }).catch((error) => error);
  expect([failed.code, String(failed).includes('secretsecret')]).toEqual([code, false]);
});
