import { chownSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { AdminLoginAnswer, SystemStatus } from '@maque/contract';
import { createManualClock, DAY, MINUTE } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../../testing/start-server.ts';
import { createAdminLink } from './admin-link.ts';
import { hashPassword, isPassword } from './password.ts';

const post = (server: { url: string }, path: string, body: unknown, token?: string) =>
  sendRequest(server.url, {
    method: 'POST',
    path: `/api/admin/${path}`,
    body,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
const codeOf = (answer: { json<T>(): T }) => answer.json<{ error: { code: string } }>().error.code;
const owner = { name: '店主', password: 'correct horse' };

describe('the one-time link', () => {
  it('leaves only its hash, for the owner of the folder', async () => {
    await using temp = await tempFolder();
    const link = createAdminLink(temp.path) ?? '';
    const path = join(temp.path, 'admin-link.json');
    expect(link.length).toBeGreaterThan(40);
    expect(readFileSync(path, 'utf8')).not.toContain(link);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.runIf(process.getuid?.() === 0)('made by root, belongs to whom the folder belongs to', async () => {
    await using temp = await tempFolder();
    chownSync(temp.path, 12_345, 23_456);
    createAdminLink(temp.path);
    const { uid, gid, mode } = statSync(join(temp.path, 'admin-link.json'));
    expect([uid, gid, mode & 0o777]).toEqual([12_345, 23_456, 0o600]);
    expect(readdirSync(temp.path)).toEqual(['admin-link.json']);
  });

  it('makes one admin, whoever uses it at the same time, and then is gone', async () => {
    await using temp = await tempFolder();
    const link = createAdminLink(temp.path);
    await using server = await startServer({ dataDir: temp.path });
    const answers = await Promise.all(
      ['a', 'b'].map((name) => post(server, 'claim', { link, name, password: 'long enough' })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
    expect((await post(server, 'claim', { link, ...owner })).status).toBe(401);
    expect(createAdminLink(temp.path)).toBeUndefined();
  });

  it('survives a name that is taken, a password that is too short and a wrong token', async () => {
    await using temp = await tempFolder();
    await using server = await startServer({ dataDir: temp.path });
    await post(server, 'claim', { link: createAdminLink(temp.path), ...owner });
    const link = createAdminLink(temp.path, { again: true });
    expect(codeOf(await post(server, 'claim', { link: `${link}x`, ...owner }))).toBe('ADMIN_LINK_INVALID');
    expect(codeOf(await post(server, 'claim', { link, name: 'x', password: 'short' }))).toBe(
      'VALIDATION_FAILED',
    );
    expect(codeOf(await post(server, 'claim', { link, ...owner }))).toBe('CONFLICT');
    expect((await post(server, 'claim', { link, name: 'second', password: 'long enough' })).status).toBe(200);
  });

  it('dies after a day, and with the next one', async () => {
    await using temp = await tempFolder();
    const clock = createManualClock(Date.now());
    await using server = await startServer({ dataDir: temp.path, clock });
    const old = createAdminLink(temp.path, { clock });
    const link = createAdminLink(temp.path, { clock });
    expect(codeOf(await post(server, 'claim', { link: old, ...owner }))).toBe('ADMIN_LINK_INVALID');
    clock.advance(DAY);
    expect(codeOf(await post(server, 'claim', { link, ...owner }))).toBe('ADMIN_LINK_INVALID');
  });
});

describe('an admin', () => {
  it('logs in, sees the state of the system, and logs out', async () => {
    await using temp = await tempFolder();
    const link = createAdminLink(temp.path);
    await using server = await startServer({ dataDir: temp.path });
    await post(server, 'claim', { link, ...owner });
    const login = await post(server, 'login', owner);
    expect(login.headers['cache-control']).toBe('no-store');
    const { token, name } = login.json<AdminLoginAnswer>();
    expect(name).toBe(owner.name);

    const headers = { authorization: `Bearer ${token}` };
    const status = await sendRequest(server.url, { path: '/api/admin/status', headers });
    expect(status.json<SystemStatus>().processes).toMatchObject([
      { id: 'w1', pid: process.pid, state: 'ready' },
    ]);
    expect(status.json<SystemStatus>().used).toBeGreaterThan(1_000_000);
    expect((await sendRequest(server.url, { path: '/api/me', headers })).status).toBe(403);

    expect((await post(server, 'logout', undefined, token)).status).toBe(204);
    expect(codeOf(await sendRequest(server.url, { path: '/api/admin/status', headers }))).toBe(
      'TOKEN_INVALID',
    );
  });

  it('with a wrong name hears the same as with a wrong password, and both are stopped in time', async () => {
    await using temp = await tempFolder();
    const clock = createManualClock(Date.now());
    const link = createAdminLink(temp.path, { clock });
    await using server = await startServer({ dataDir: temp.path, clock });
    await post(server, 'claim', { link, ...owner });
    const nobody = await post(server, 'login', { name: 'nobody', password: 'wrong' });
    const wrong = await post(server, 'login', { ...owner, password: 'wrong' });
    expect(nobody.json<{ error: object }>().error).toMatchObject({ code: 'ADMIN_CREDENTIALS_WRONG' });
    expect(codeOf(wrong)).toBe(codeOf(nobody));

    for (let attempt = 0; attempt < 8; attempt += 1)
      await post(server, 'login', { ...owner, password: 'wrong' });
    const stopped = await post(server, 'login', owner);
    expect([stopped.status, codeOf(stopped)]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(60);
    clock.advance(15 * MINUTE);
    expect((await post(server, 'login', owner)).status).toBe(200);
  });
});

it('counts guesses by network, of which one caller has all addresses, and records none that was one too many', async () => {
  await using temp = await tempFolder();
  const link = createAdminLink(temp.path);
  const env = { MAQUE_TRUSTED_PROXY: '127.0.0.1' };
  await using server = await startServer({ dataDir: temp.path, env });
  const { token } = (await post(server, 'claim', { link, ...owner })).json<AdminLoginAnswer>();
  const guess = async (from: string) => {
    const headers = { 'x-forwarded-for': from };
    const body = { ...owner, password: 'wrong' };
    return codeOf(await sendRequest(server.url, { method: 'POST', path: '/api/admin/login', body, headers }));
  };
  for (let host = 1; host <= 10; host += 1)
    expect(await guess(`2001:db8:0:1::${host}`)).toBe('ADMIN_CREDENTIALS_WRONG');
  for (let host = 11; host <= 20; host += 1)
    expect(await guess(`2001:db8:0:1::${host}`)).toBe('TOO_MANY_REQUESTS');
  expect(await guess('2001:db8:0:2::1')).toBe('ADMIN_CREDENTIALS_WRONG');
  const headers = { authorization: `Bearer ${token}` };
  const audit = await sendRequest(server.url, { path: '/api/admin/audit', headers });
  const { items } = audit.json<{ items: { action: string }[] }>();
  expect(items.filter(({ action }) => action.endsWith('/login'))).toHaveLength(11);
});

describe('the state of the system', () => {
  const state: SystemStatus = { at: '2026-01-01T00:00:00.000Z', budget: 1, used: 1, processes: [] };

  it.each([
    ['comes from the keeper', JSON.stringify(state), 200],
    ['is not made up when the keeper talks nonsense', '{"hello":1}', 500],
    ['is bounded', 'x'.repeat(300_000), 500],
  ])('%s', async (_case, said, status) => {
    await using temp = await tempFolder();
    const socket = join(temp.path, 'control.sock');
    let asked = 0;
    const keeper = createServer((request, response) => {
      asked += 1;
      expect(request.url).toBe('/state');
      response.end(said);
    });
    await new Promise<void>((resolve) => keeper.listen(socket, resolve));
    await using _closing = closeLater(keeper);
    await using server = await startServer({ dataDir: temp.path, env: { MAQUE_CONTROL_SOCKET: socket } });
    const { token } = (
      await post(server, 'claim', { link: createAdminLink(temp.path), ...owner })
    ).json<AdminLoginAnswer>();
    const ask = () =>
      sendRequest(server.url, { path: '/api/admin/status', headers: { authorization: `Bearer ${token}` } });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map((answer) => answer.status)).toEqual([status, status, status]);
    expect(asked).toBe(1);
    if (status === 200) expect(answers[0]?.json()).toEqual(state);
  });
});

it('keeps passwords as hashes that differ each time', async () => {
  const [one, two] = [await hashPassword('secret'), await hashPassword('secret')];
  expect(one).toMatch(/^scrypt\$16384\$8\$5\$/);
  expect(one).not.toBe(two);
  expect(await isPassword('secret', one)).toBe(true);
  expect(await isPassword('Secret', one)).toBe(false);
  expect(await isPassword('secret', undefined)).toBe(false);
});

function closeLater(server: Server): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
