import { createManualClock, DAY, MINUTE, SECOND } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callerOf, claimConsole, joinStaff, OWNER } from '../../../testing/console-client.ts';
import { startServer } from '../../../testing/start-server.ts';
import { collection, defineApp, field, role, route } from '../../define/index.ts';
import { totpOf } from './totp.ts';

const app = defineApp({
  collections: {
    posts: collection({
      fields: { title: field.text({ maxLength: 50 }) },
      rules: { list: 'public', create: role('editor'), update: 'admin' },
    }),
  },
  routes: [
    route.get('/secrets', { auth: 'admin' }, async () => ({ ok: true })),
    route.get('/desk', { auth: 'staff' }, async () => ({ ok: true })),
  ],
  roles: ['editor', 'support'],
});
const clock = createManualClock(Date.now());
const opened = new AsyncDisposableStack();
let call: Call;
let admin: string;

beforeAll(async () => {
  const { path: dataDir } = opened.use(await tempFolder());
  call = callerOf(opened.use(await startServer({ dataDir, clock, app })));
  admin = await claimConsole(call, dataDir);
});
afterAll(() => opened.disposeAsync());

const members = async () => (await call('GET', '/api/admin/staff', { token: admin })).json.members;
const idOf = async (name: string) =>
  (await members()).find((member: { name: string }) => member.name === name).id;
const login = (name: string, password: string, totp?: string) =>
  call('POST', '/api/admin/login', { body: { name, password, ...(totp === undefined ? {} : { totp }) } });

describe('a member of staff', () => {
  it('comes by an invitation, may do what the roles allow, and no more', async () => {
    const token = await joinStaff(call, admin, ['editor'], { name: 'mei', password: 'long enough' });
    expect((await call('GET', '/api/admin/me', { token })).json).toMatchObject({
      name: 'mei',
      roles: ['editor'],
      hasTotp: false,
      mustSetUpTotp: false,
    });
    const post = await call('POST', '/api/posts', { token, body: { title: 'spring tea' } });
    expect(post.status).toBe(201);
    const change = { token, body: { title: 'x' } };
    expect((await call('PATCH', `/api/posts/${post.json.id}`, change)).status).toBe(403);
    expect((await call('GET', '/api/admin/status', { token })).status).toBe(200);
    for (const path of [
      '/api/admin/staff',
      '/api/admin/keys',
      '/api/admin/audit',
      '/api/admin/users',
      '/api/secrets',
      '/api/me',
    ]) {
      expect([path, (await call('GET', path, { token })).code]).toEqual([path, 'FORBIDDEN']);
    }
    expect((await call('GET', '/api/secrets', { token: admin })).status).toBe(200);
    for (const path of ['/api/admin/staff', '/api/admin/me']) {
      expect((await call('GET', path)).code).toBe('AUTH_REQUIRED');
    }
  });

  it('is not invited with a role that nobody knows, and the likely one is named', async () => {
    const body = { roles: ['edtor'] };
    const answer = await call('POST', '/api/admin/staff/invitations', { token: admin, body });
    expect(answer.code).toBe('VALIDATION_FAILED');
    expect(answer.json.error.details).toEqual([
      { path: 'roles.0', issue: 'is no role of this app; editor?' },
    ]);
  });

  it('enters by a link once, within three days, unless it is withdrawn', async () => {
    const invite = async () =>
      (await call('POST', '/api/admin/staff/invitations', { token: admin, body: { roles: ['support'] } }))
        .json;
    const claim = (path: string, name: string) =>
      call('POST', '/api/admin/claim', { body: { link: path.split('=')[1], name, password: 'long enough' } });
    const first = await invite();
    const answers = await Promise.all(['lu-1', 'lu-2'].map((name) => claim(first.path, name)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const second = await invite();
    expect((await claim(second.path, 'mei')).code).toBe('CONFLICT');
    expect((await call('DELETE', `/api/admin/staff/links/${second.id}`, { token: admin })).status).toBe(204);
    expect((await claim(second.path, 'lu-3')).code).toBe('ADMIN_LINK_INVALID');
    const third = await invite();
    clock.advance(3 * DAY);
    expect((await claim(third.path, 'lu-4')).code).toBe('ADMIN_LINK_INVALID');
    admin = (await login(OWNER.name, OWNER.password)).json.token;
    expect((await call('GET', '/api/admin/staff', { token: admin })).json.links).toEqual([]);
  });

  it('has other roles at once, is shut out at once, and comes back', async () => {
    const token = await joinStaff(call, admin, ['support'], { name: 'wen', password: 'long enough' });
    const id = await idOf('wen');
    const create = () => call('POST', '/api/posts', { token, body: { title: 'x' } });
    expect((await create()).status).toBe(403);
    const change = (body: object) => call('PATCH', `/api/admin/staff/${id}`, { token: admin, body });
    expect((await change({ roles: ['editor', 'support'] })).json.roles).toEqual(['editor', 'support']);
    expect((await create()).status).toBe(201);
    expect((await change({ disabled: true })).json.disabled).toBe(true);
    expect((await create()).code).toBe('TOKEN_INVALID');
    expect((await login('wen', 'long enough')).code).toBe('ADMIN_CREDENTIALS_WRONG');
    await change({ disabled: false });
    const again = await login('wen', 'long enough');
    expect(again.json).toMatchObject({ name: 'wen', roles: ['editor', 'support'], mustSetUpTotp: false });
    expect((await call('DELETE', `/api/admin/staff/${id}`, { token: admin })).status).toBe(204);
    expect((await call('GET', '/api/admin/me', { token: again.json.token })).code).toBe('TOKEN_INVALID');
  });

  it('gets in again with a link when password and phone are lost', async () => {
    const before = await joinStaff(call, admin, ['support'], { name: 'hong', password: 'forgotten!' });
    const reset = await call('POST', `/api/admin/staff/${await idOf('hong')}/reset`, { token: admin });
    expect((await call('GET', '/api/admin/me', { token: before })).status).toBe(200);
    const body = { link: reset.json.path.split('=')[1], name: 'hong', password: 'remembered' };
    expect((await call('POST', '/api/admin/claim', { body })).json).toMatchObject({ roles: ['support'] });
    expect((await call('GET', '/api/admin/me', { token: before })).code).toBe('TOKEN_INVALID');
    expect((await login('hong', 'forgotten!')).code).toBe('ADMIN_CREDENTIALS_WRONG');
    expect((await login('hong', 'remembered')).status).toBe(200);
  });

  it('is let in anew by one link: taking it ends the others, and logins that are under way', async () => {
    const account = { name: 'ping', password: 'forgotten!' };
    await joinStaff(call, admin, ['support'], account);
    const id = await idOf('ping');
    for (const round of [1, 2, 3]) {
      const password = `password ${round}`;
      const reset = async () =>
        (await call('POST', `/api/admin/staff/${id}/reset`, { token: admin })).json.path.split('=')[1];
      const claim = (link: string) =>
        call('POST', '/api/admin/claim', { body: { link, name: 'ping', password } });
      const [first, second] = [await reset(), await reset()];
      // Both hash for a tenth of a second at the same time.
      const [claimed, late] = await Promise.all([claim(first), login('ping', account.password)]);
      expect(claimed.status).toBe(200);
      if (late.status === 200) {
        const { token } = late.json;
        expect((await call('GET', '/api/admin/me', { token })).code).toBe('TOKEN_INVALID');
      }
      expect(
        (await call('GET', '/api/admin/me/sessions', { token: claimed.json.token })).json.items,
      ).toHaveLength(1);
      expect((await claim(second)).code).toBe('ADMIN_LINK_INVALID');
      account.password = password;
    }
  });

  it('leaves no link behind when they are no admin any more', async () => {
    const leaving: ((id: string) => Promise<unknown>)[] = [
      (id) => call('DELETE', `/api/admin/staff/${id}`, { token: admin }),
      (id) => call('PATCH', `/api/admin/staff/${id}`, { token: admin, body: { disabled: true } }),
      (id) => call('PATCH', `/api/admin/staff/${id}`, { token: admin, body: { roles: ['editor'] } }),
    ];
    for (const [number, leave] of leaving.entries()) {
      const account = { name: `boss ${number}`, password: 'long enough' };
      const token = await joinStaff(call, admin, ['admin'], account);
      const invited = await call('POST', '/api/admin/staff/invitations', {
        token,
        body: { roles: ['admin'] },
      });
      await leave(await idOf(account.name));
      const body = { link: invited.json.path.split('=')[1], name: `back ${number}`, password: 'long enough' };
      expect((await call('POST', '/api/admin/claim', { body })).code).toBe('ADMIN_LINK_INVALID');
    }
  });

  it('is not logged out by a machine, under whatever address', async () => {
    const body = { name: 'erp', roles: ['admin'] };
    const { key } = (await call('POST', '/api/admin/keys', { token: admin, body })).json;
    const id = await idOf(OWNER.name);
    const end = (path: string) => call('DELETE', `/api/admin/${path}/${id}/sessions`, { token: key });
    expect((await end('staff')).code).toBe('FORBIDDEN');
    expect((await end('users')).code).toBe('NOT_FOUND');
    expect((await call('GET', `/api/admin/users/${id}/sessions`, { token: key })).code).toBe('NOT_FOUND');
    expect((await call('GET', '/api/admin/me', { token: admin })).status).toBe(200);
    expect((await call('GET', '/api/admin/staff/nobody/sessions', { token: admin })).code).toBe('NOT_FOUND');
  });

  it('changes the own password, which ends all other sessions', async () => {
    const token = await joinStaff(call, admin, ['support'], { name: 'qiu', password: 'first one' });
    const other = (await login('qiu', 'first one')).json.token;
    expect((await call('GET', '/api/admin/me/sessions', { token })).json.items).toHaveLength(2);
    const change = (password: string) =>
      call('POST', '/api/admin/me/password', { token, body: { password, newPassword: 'second one' } });
    expect((await change('wrong one')).code).toBe('ADMIN_CREDENTIALS_WRONG');
    expect((await change('first one')).status).toBe(204);
    expect((await call('GET', '/api/admin/me', { token: other })).code).toBe('TOKEN_INVALID');
    expect((await call('GET', '/api/admin/me', { token })).status).toBe(200);
    expect((await login('qiu', 'second one')).status).toBe(200);
  });
});

it('always leaves one who may do everything', async () => {
  const id = await idOf(OWNER.name);
  const change = (body: object) => call('PATCH', `/api/admin/staff/${id}`, { token: admin, body });
  expect((await change({ disabled: true })).code).toBe('LAST_ADMIN');
  expect((await change({ roles: ['editor'] })).code).toBe('LAST_ADMIN');
  expect((await call('DELETE', `/api/admin/staff/${id}`, { token: admin })).code).toBe('LAST_ADMIN');
  expect((await call('GET', '/api/admin/staff', { token: admin })).status).toBe(200);
});

describe('an authenticator', () => {
  const codeNow = (secret: Buffer) => totpOf(secret, Math.floor(clock.now() / (30 * SECOND)));

  async function setUp(token: string, password: string) {
    const { secret } = (await call('POST', '/api/admin/me/totp', { token, body: { password } })).json;
    const bytes = fromBase32(secret);
    const body = { code: codeNow(bytes) };
    const confirmed = await call('POST', '/api/admin/me/totp/confirm', { token, body });
    return { secret: bytes, recoveryCodes: confirmed.json.recoveryCodes as string[] };
  }

  it('is asked for once the password is right; no code works twice; guessing ends', async () => {
    const account = { name: 'fang', password: 'long enough' };
    const token = await joinStaff(call, admin, ['support'], account);
    expect((await call('POST', '/api/admin/me/totp', { token, body: { password: 'wrong' } })).status).toBe(
      401,
    );
    expect((await call('POST', '/api/admin/me/totp/confirm', { token, body: { code: '123456' } })).code).toBe(
      'TOTP_NOT_BEGUN',
    );
    const { secret, recoveryCodes } = await setUp(token, account.password);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect((await login('fang', 'wrong')).code).toBe('ADMIN_CREDENTIALS_WRONG');
    expect((await login('fang', account.password)).code).toBe('TOTP_REQUIRED');
    // The code that has set it up is used.
    expect((await login('fang', account.password, codeNow(secret))).code).toBe('TOTP_WRONG');
    clock.advance(30 * SECOND);
    const code = codeNow(secret);
    const answers = await Promise.all([1, 2].map(() => login('fang', account.password, code)));
    expect(answers.map((answer) => answer.code ?? 'in').sort()).toEqual(['TOTP_WRONG', 'in']);

    const [recovery = ''] = recoveryCodes;
    expect((await login('fang', account.password, recovery.toUpperCase())).status).toBe(200);
    expect((await login('fang', account.password, recovery)).code).toBe('TOTP_WRONG');
    expect((await call('GET', '/api/admin/me', { token })).json).toMatchObject({
      hasTotp: true,
      recoveryCodesLeft: 9,
    });

    clock.advance(15 * MINUTE);
    for (let guess = 0; guess < 10; guess += 1) await login('fang', account.password, '000000');
    expect((await login('fang', account.password, codeNow(secret))).code).toBe('TOO_MANY_REQUESTS');
    clock.advance(15 * MINUTE);
    expect((await login('fang', account.password, codeNow(secret))).status).toBe(200);
    clock.advance(30 * SECOND);
    const remove = { token, body: { password: account.password, totp: codeNow(secret) } };
    expect((await call('POST', '/api/admin/me/totp/remove', remove)).status).toBe(204);
    expect((await login('fang', account.password)).status).toBe(200);
  });

  it('is not guessed while it is set up, however many guesses come at once', async () => {
    const account = { name: 'jing', password: 'long enough' };
    const token = await joinStaff(call, admin, ['support'], account);
    await call('POST', '/api/admin/me/totp', { token, body: { password: account.password } });
    const guess = () => call('POST', '/api/admin/me/totp/confirm', { token, body: { code: '000000' } });
    const answers = await Promise.all(Array.from({ length: 15 }, guess));
    const codes = answers.map(({ code }) => code);
    expect(codes.filter((code) => code === 'TOTP_WRONG')).toHaveLength(10);
    expect(codes.filter((code) => code === 'TOO_MANY_REQUESTS')).toHaveLength(5);
  });

  it('can be demanded: without one nothing is allowed but to set one up', async () => {
    await using temp = await tempFolder();
    const env = { MAQUE_STAFF_TOTP: 'required' };
    await using strict = await startServer({ dataDir: temp.path, clock, app, env });
    const strictly = callerOf(strict);
    const token = await claimConsole(strictly, temp.path, clock);
    const entered = await strictly('POST', '/api/admin/login', { body: OWNER });
    expect(entered.json).toMatchObject({ roles: ['admin'], mustSetUpTotp: true });
    for (const path of ['/api/admin/staff', '/api/admin/status', '/api/desk'])
      expect((await strictly('GET', path, { token })).code).toBe('TOTP_MANDATORY');
    expect((await strictly('POST', '/api/posts', { token, body: { title: 'x' } })).code).toBe(
      'TOTP_MANDATORY',
    );
    expect((await strictly('GET', '/api/admin/me', { token })).json.mustSetUpTotp).toBe(true);
    expect((await strictly('POST', '/api/admin/logout', { token: entered.json.token })).status).toBe(204);
    const { secret } = (await strictly('POST', '/api/admin/me/totp', { token, body: OWNER_PROOF })).json;
    const body = { code: codeNow(fromBase32(secret)) };
    expect((await strictly('POST', '/api/admin/me/totp/confirm', { token, body })).status).toBe(200);
    for (const path of ['/api/admin/staff', '/api/desk'])
      expect((await strictly('GET', path, { token })).status).toBe(200);
    clock.advance(30 * SECOND);
    const remove = { token, body: { ...OWNER_PROOF, totp: codeNow(fromBase32(secret)) } };
    expect((await strictly('POST', '/api/admin/me/totp/remove', remove)).code).toBe('TOTP_MANDATORY');
  });
});

const OWNER_PROOF = { password: OWNER.password };

function fromBase32(text: string): Buffer {
  const bits = [...text].map((char) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
