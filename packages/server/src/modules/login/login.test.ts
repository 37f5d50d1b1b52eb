import { createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LoginAnswer } from '@maque/contract';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { runScenarios } from '@maque/testkit/scenarios/run-scenarios';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP_ID, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';

const opened = new AsyncDisposableStack();
let server: TestServer;
let wechat: Awaited<ReturnType<typeof startWechat>>;
let dataDir: string;

beforeAll(async () => {
  dataDir = opened.use(await tempFolder()).path;
  wechat = opened.use(await startWechat());
  server = opened.use(await startServer({ dataDir, simulator: wechat.url }));
});
afterAll(() => opened.disposeAsync());

const logIn = async (code: string) =>
  (
    await sendRequest(server.url, { method: 'POST', path: '/api/login/wechat', body: { code } })
  ).json<LoginAnswer>();
const rows = (sql: string) => {
  const database = new DatabaseSync(join(dataDir, 'maque.db'), { readOnly: true });
  try {
    return database.prepare(sql).all() as Record<string, string>[];
  } finally {
    database.close();
  }
};

describe('a login', () => {
  it('with a good code makes a user and a session that works', async () => {
    const answer = await logIn(wechat.simulator.issueCode('ann'));
    expect(answer.user).toMatchObject({ nickname: null, avatarUrl: null });
    expect(Date.parse(answer.expiresAt) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    const me = await sendRequest(server.url, {
      path: '/api/me',
      headers: { authorization: `Bearer ${answer.token}` },
    });
    expect(me.json()).toEqual(answer.user);
  });

  it('of the same person finds the same user, whatever the code', async () => {
    const first = await logIn(wechat.simulator.issueCode('bob'));
    const again = await logIn(wechat.simulator.issueCode('bob'));
    expect(again.user).toEqual(first.user);
    expect(again.token).not.toBe(first.token);
  });

  it('of one new person many times at once makes one user', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => logIn(wechat.simulator.issueCode('carol'))),
    );
    expect(new Set(answers.map((answer) => answer.user.id)).size).toBe(1);
  });

  it('keeps the session key encrypted, bound to its owner, and tells nobody', async () => {
    const answer = await logIn(wechat.simulator.issueCode('dora'));
    const [row] = rows(
      `select openid, sessionKey from maque_wechat_accounts where userId = '${answer.user.id}'`,
    );
    const { sessionKeyKey } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8'));
    const sealed = Buffer.from(row?.sessionKey ?? '', 'base64');
    const open = (owner: string) => {
      const decipher = createDecipheriv(
        'aes-256-gcm',
        Buffer.from(sessionKeyKey, 'base64'),
        sealed.subarray(0, 12),
      )
        .setAAD(Buffer.from(owner))
        .setAuthTag(sealed.subarray(12, 28));
      return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString();
    };
    // Base64 of 16 bytes, as WeChat gives it.
    expect(open(`${APP_ID} ${row?.openid}`)).toMatch(/^[\w+/]{22}==$/);
    expect(() => open(`${APP_ID} somebody else`)).toThrow();
    expect(JSON.stringify(answer)).not.toContain(row?.openid);
  });

  it('keeps no more than the ten newest sessions of a user', async () => {
    const first = await logIn('demo-many');
    for (let count = 0; count < 10; count += 1) await logIn('demo-many');
    expect(rows(`select id from maque_sessions where ownerId = '${first.user.id}'`)).toHaveLength(10);
  });
});

describe('a login is refused', () => {
  runScenarios(
    () => server.url,
    [
      {
        name: 'with a code that WeChat does not know',
        request: 'POST /api/login/wechat',
        body: { code: 'made-up' },
        status: 401,
        contains: ['LOGIN_CODE_INVALID'],
      },
      {
        name: 'without a code',
        request: 'POST /api/login/wechat',
        body: {},
        status: 400,
        contains: ['{"path":"code","issue":"is required"}'],
      },
      {
        name: 'with more than a code: an openid is not for the client to tell',
        request: 'POST /api/login/wechat',
        body: { code: 'demo-1', openid: 'o-admin' },
        status: 400,
        contains: ['{"path":"openid"'],
      },
      {
        name: 'with an endless code, which WeChat is not asked about',
        request: 'POST /api/login/wechat',
        body: { code: 'a'.repeat(129) },
        status: 400,
      },
      {
        name: 'with a code that tries to say more to WeChat',
        request: 'POST /api/login/wechat',
        body: { code: 'demo-1&appid=other' },
        status: 401,
        contains: ['LOGIN_CODE_INVALID'],
      },
    ],
  );

  it.each([
    [40226, 403, 'LOGIN_REFUSED'],
    [45011, 429, 'TOO_MANY_REQUESTS'],
    [40125, 502, 'WECHAT_UNAVAILABLE'],
  ])('when WeChat says %s, with %s %s', async (errcode, status, code) => {
    wechat.simulator.inject({ kind: 'errcode', errcode, path: '/sns/jscode2session' });
    const answer = await sendRequest(server.url, {
      method: 'POST',
      path: '/api/login/wechat',
      body: { code: 'demo-1' },
    });
    wechat.simulator.clearFaults();
    expect([answer.status, answer.json<{ error: { code: string } }>().error.code]).toEqual([status, code]);
    expect(answer.text).not.toContain(String(errcode));
    if (status === 429) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('when a code is used twice', async () => {
    const code = wechat.simulator.issueCode('erin');
    await logIn(code);
    const again = await sendRequest(server.url, {
      method: 'POST',
      path: '/api/login/wechat',
      body: { code },
    });
    expect(again.status).toBe(401);
  });

  it('where there is no WeChat at all', async () => {
    await using temp = await tempFolder();
    await using alone = await startServer({
      dataDir: temp.path,
      env: { MAQUE_ENV: 'prod', MAQUE_ALLOW_NO_WECHAT: '1' },
    });
    const answer = await sendRequest(alone.url, {
      method: 'POST',
      path: '/api/login/wechat',
      body: { code: 'demo-1' },
    });
    expect(answer.status).toBe(404);
  });
});

it('leaves no code, token or secret in any file of the data folder that is not encrypted for it', async () => {
  const code = wechat.simulator.issueCode('frank');
  const { token } = await logIn(code);
  await sendRequest(server.url, {
    path: `/api/me?code=${code}`,
    headers: { authorization: `Bearer ${token}` },
  });
  await server.close(1_000);
  const logs = readdirSync(join(dataDir, 'logs')).map((name) =>
    readFileSync(join(dataDir, 'logs', name), 'utf8'),
  );
  expect(logs.join('')).toContain('"route":"/api/me"');
  for (const secret of [code, token]) expect(logs.join('')).not.toContain(secret);
  expect(readFileSync(join(dataDir, 'maque.db'), 'latin1')).not.toContain(token);
});
