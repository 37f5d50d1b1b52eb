import type { Me } from '@maque/contract';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logIn, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';

const opened = new AsyncDisposableStack();
let server: TestServer;
let token: string;

beforeAll(async () => {
  const { path: dataDir } = opened.use(await tempFolder());
  const { url: simulator } = opened.use(await startWechat());
  server = opened.use(await startServer({ dataDir, simulator }));
  token = await logIn(server, 'demo-1');
});
afterAll(() => opened.disposeAsync());

const call = (method: string, body?: unknown) =>
  sendRequest(server.url, { method, path: '/api/me', headers: { authorization: `Bearer ${token}` }, body });
const me = async () => (await call('GET')).json<Me>();

it('shows and changes the own profile, one field at a time', async () => {
  const before = await me();
  expect(before).toMatchObject({ nickname: null, avatarUrl: null });
  const named = (await call('PATCH', { nickname: '麻雀 🐦' })).json<Me>();
  expect(named).toEqual({ ...before, nickname: '麻雀 🐦', updatedAt: named.updatedAt });
  expect(Date.parse(named.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before.updatedAt));
  const pictured = (await call('PATCH', { avatarUrl: 'https://example.cn/a.png' })).json<Me>();
  expect(pictured).toMatchObject({ nickname: '麻雀 🐦', avatarUrl: 'https://example.cn/a.png' });
  expect((await call('PATCH', { nickname: null })).json<Me>()).toMatchObject({ nickname: null });
  expect(await me()).toMatchObject({ nickname: null, avatarUrl: 'https://example.cn/a.png' });
});

it.each([
  ['an empty name', { nickname: '' }],
  ['an endless name', { nickname: 'a'.repeat(33) }],
  ['a name that is a number', { nickname: 7 }],
  ['a name of two lines', { nickname: 'a\nb' }],
  ['a name that runs backwards', { nickname: 'a\u202eb' }],
  ['half a character', { nickname: '\ud83d' }],
  ['a picture that is a script', { avatarUrl: 'javascript:alert(1)' }],
  ['a picture in the clear', { avatarUrl: 'http://example.cn/a.png' }],
  ['a picture that breaks out of its tag', { avatarUrl: 'https://x/"><script>' }],
  ['an id', { id: 'root' }],
  ['an openid', { openid: 'o1' }],
  ['a time', { createdAt: '2020-01-01T00:00:00.000Z' }],
  ['nothing at all', null],
])('refuses %s and changes nothing', async (_case, body) => {
  const before = await me();
  const answer = await call('PATCH', body);
  expect([answer.status, answer.json<{ error: { code: string } }>().error.code]).toEqual([
    400,
    'VALIDATION_FAILED',
  ]);
  expect(await me()).toEqual(before);
});
