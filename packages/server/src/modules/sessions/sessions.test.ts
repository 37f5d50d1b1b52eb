import { createManualClock, DAY } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { sendRequest } from '@maque/testkit/scenarios/send-request';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLinkHub, type TestLink } from '../../../testing/link-hub.ts';
import { logIn, startServer, startWechat, type TestServer } from '../../../testing/start-server.ts';

const opened = new AsyncDisposableStack();
const clock = createManualClock(Date.now());
let first: TestServer;
let second: TestServer;
let wechat: string;

beforeAll(async () => {
  const dataDir = opened.use(await tempFolder()).path;
  wechat = opened.use(await startWechat()).url;
  const hub = createLinkHub();
  const start = (link: TestLink) => startServer({ dataDir, simulator: wechat, link, clock });
  [first, second] = await Promise.all([start(hub.link('w1')), start(hub.link('w2'))]);
  opened.use(first);
  opened.use(second);
});
afterAll(() => opened.disposeAsync());

const me = async (server: TestServer, token: string) => {
  const answer = await sendRequest(server.url, {
    path: '/api/me',
    headers: { authorization: `Bearer ${token}` },
  });
  return answer.status === 200 ? 'known' : answer.json<{ error: { code: string } }>().error.code;
};
const logOut = (server: TestServer, token: string, body?: object) =>
  sendRequest(server.url, {
    method: 'POST',
    path: '/api/logout',
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  });

it('is known to every worker that shares the data folder', async () => {
  const token = await logIn(first, 'demo-both');
  expect(await me(first, token)).toBe('known');
  expect(await me(second, token)).toBe('known');
});

it('is over for every worker at once when its user logs out, and no other is', async () => {
  const [gone, stays] = [await logIn(first, 'demo-out'), await logIn(first, 'demo-out')];
  for (const server of [first, second]) {
    expect(await me(server, gone)).toBe('known');
    expect(await me(server, stays)).toBe('known');
  }
  expect((await logOut(first, gone)).status).toBe(204);
  expect(await me(first, gone)).toBe('TOKEN_INVALID');
  // One turn for the notice to travel; the clock that would make the second worker ask again stands still.
  await waitUntil('the other worker to know', async () => (await me(second, gone)) === 'TOKEN_INVALID');
  expect(await me(second, stays)).toBe('known');
  expect((await logOut(first, gone)).status).toBe(401);
});

it('is over on all devices when its user says so', async () => {
  const tokens = await Promise.all([1, 2, 3].map(() => logIn(first, 'demo-all')));
  const stranger = await logIn(second, 'demo-stranger');
  const [token = ''] = tokens;
  expect((await logOut(first, token, { everywhere: true })).status).toBe(204);
  for (const one of tokens) expect(await me(first, one)).toBe('TOKEN_INVALID');
  expect(await me(first, stranger)).toBe('known');
});

it('is over within ten seconds even where the notice was lost', async () => {
  await using folder = await tempFolder();
  // Two hubs: what one worker announces never reaches the other.
  const start = (name: string) =>
    startServer({ dataDir: folder.path, simulator: wechat, link: createLinkHub().link(name), clock });
  await using here = await start('w1');
  await using there = await start('w2');
  const token = await logIn(here, 'demo-lost');
  expect(await me(there, token)).toBe('known');
  await logOut(here, token);
  expect(await me(there, token)).toBe('known');
  clock.advance(10_000);
  expect(await me(there, token)).toBe('TOKEN_INVALID');
});

it('outlives a restart and ends after a week', async () => {
  await using folder = await tempFolder();
  const start = () => startServer({ dataDir: folder.path, simulator: wechat, clock });
  let token: string;
  {
    await using before = await start();
    token = await logIn(before, 'demo-week');
  }
  await using after = await start();
  expect(await me(after, token)).toBe('known');
  clock.advance(7 * DAY);
  expect(await me(after, token)).toBe('TOKEN_EXPIRED');
});

it('is not taken from another installation', async () => {
  await using folder = await tempFolder();
  await using other = await startServer({ dataDir: folder.path, simulator: wechat, clock });
  const token = await logIn(other, 'demo-1');
  expect(await me(other, token)).toBe('known');
  expect(await me(first, token)).toBe('TOKEN_INVALID');
});

it('refuses a body that is not about logging out', async () => {
  const token = await logIn(first, 'demo-odd');
  expect((await logOut(first, token, { everywhere: 'yes' })).status).toBe(400);
  expect(await me(first, token)).toBe('known');
});
