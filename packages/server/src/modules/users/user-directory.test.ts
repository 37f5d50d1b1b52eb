import { tempFolder } from '@maque/testkit/process/temp-folder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, callerOf, claimConsole } from '../../../testing/console-client.ts';
import { logIn, startServer, startWechat } from '../../../testing/start-server.ts';
import { collection, defineApp, field, role } from '../../define/index.ts';

const app = defineApp({
  collections: {
    notices: collection({
      fields: { text: field.text({ maxLength: 50 }) },
      rules: { list: role('member'), create: role('editor') },
    }),
  },
  roles: ['member', 'editor'],
});
const opened = new AsyncDisposableStack();
let call: Call;
let admin: string;
let ann: string;
let bob: string;

beforeAll(async () => {
  const { path: dataDir } = opened.use(await tempFolder());
  const { url: simulator } = opened.use(await startWechat());
  const server = opened.use(await startServer({ dataDir, simulator, app }));
  call = callerOf(server);
  admin = await claimConsole(call, dataDir);
  [ann, bob] = [await logIn(server, 'demo-1'), await logIn(server, 'demo-2')];
});
afterAll(() => opened.disposeAsync());

const me = async (token: string) => (await call('GET', '/api/me', { token })).json;

describe('users', () => {
  it('get roles from an admin, which count at once and are seen by the user', async () => {
    const { id } = await me(ann);
    const give = (roles: string[], token = admin) =>
      call('PATCH', `/api/admin/users/${id}`, { token, body: { roles } });
    expect((await call('GET', '/api/notices', { token: ann })).status).toBe(403);
    expect((await give(['member', 'editor', 'member'])).json.roles).toEqual(['editor', 'member']);
    expect((await me(ann)).roles).toEqual(['editor', 'member']);
    expect((await call('POST', '/api/notices', { token: ann, body: { text: 'hi' } })).status).toBe(201);
    expect((await call('GET', '/api/notices', { token: ann })).json.items).toHaveLength(1);
    expect((await call('GET', '/api/notices', { token: bob })).status).toBe(403);
    await give([]);
    expect((await call('GET', '/api/notices', { token: ann })).status).toBe(403);
    // No user of the mini-program becomes an admin by it, and none gives roles.
    expect((await give(['admin'])).code).toBe('VALIDATION_FAILED');
    expect((await give(['editor'], ann)).code).toBe('FORBIDDEN');
    const nobody = { token: admin, body: { roles: [] } };
    expect((await call('PATCH', '/api/admin/users/nobody', nobody)).code).toBe('NOT_FOUND');
  });

  it('are listed page by page, and found by their phone', async () => {
    await call('POST', '/api/me/phone', { token: bob, body: { code: 'phone-demo-2' } });
    const list = async (query: string) =>
      (await call('GET', `/api/admin/users?${query}`, { token: admin })).json;
    const { phone, id } = await me(bob);
    expect((await list(`phone=${phone}`)).items).toMatchObject([{ id, phone }]);
    expect((await list('phone=13900000000')).items).toEqual([]);
    const first = await list('limit=1');
    expect(first.items).toMatchObject([{ id }]);
    const second = await list(`limit=1&cursor=${first.nextCursor}`);
    expect(second.items).toMatchObject([{ id: (await me(ann)).id, phone: null }]);
    expect((await list(`limit=1&cursor=${second.nextCursor}`)).items).toEqual([]);
    expect((await call('GET', '/api/admin/users?limit=1000', { token: admin })).code).toBe(
      'VALIDATION_FAILED',
    );
  });

  it('are logged out by an admin', async () => {
    const { id } = await me(bob);
    const sessions = `/api/admin/users/${id}/sessions`;
    expect((await call('GET', sessions, { token: admin })).json.items).toHaveLength(1);
    expect((await call('DELETE', sessions, { token: ann })).code).toBe('FORBIDDEN');
    expect((await call('DELETE', sessions, { token: admin })).status).toBe(204);
    expect((await call('GET', '/api/me', { token: bob })).code).toBe('TOKEN_INVALID');
    expect((await call('GET', '/api/me', { token: ann })).status).toBe(200);
  });
});
