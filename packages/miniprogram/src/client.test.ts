import { afterEach, expect, test, vi } from 'vitest';
import { createFakeWechat, type FakeWechat, type FakeWechatOptions } from '../testing/fake-wechat.ts';
import { errorAnswer, type Script, startScriptedServer } from '../testing/scripted-server.ts';
import type { AppShape } from './app-types.ts';
import { createClient } from './client.ts';
import { filter } from './filter.ts';

const user = { id: 'u1', nickname: null, avatarUrl: null, createdAt: '…', updatedAt: '…' };

/** A server that knows tokens: each login gives the next one, and only the newest is good. */
function tokenServer(others: Script = () => ({ body: user })): Script {
  let issued = 0;
  return (request) => {
    if (request.path === '/api/login/wechat') {
      issued += 1;
      return { body: { token: `t${issued}`, expiresAt: '…', user } };
    }
    if (request.headers.authorization === undefined) return errorAnswer(401, 'AUTH_REQUIRED');
    if (request.headers.authorization !== `Bearer t${issued}`) return errorAnswer(401, 'TOKEN_EXPIRED');
    return others(request);
  };
}

function insideWechat(options?: FakeWechatOptions): FakeWechat {
  const wechat = createFakeWechat(options);
  vi.stubGlobal('wx', wechat);
  return wechat;
}

afterEach(() => vi.unstubAllGlobals());

test('inside WeChat: login, me and a change of it, with nothing but a baseUrl', async () => {
  insideWechat({ codes: ['code-1'] });
  await using server = await startScriptedServer(tokenServer());
  const client = createClient<AppShape>({ baseUrl: server.url });
  expect(client.isLoggedIn).toBe(false);
  expect(await client.login()).toEqual(user);
  expect(client.isLoggedIn).toBe(true);
  expect(await client.me.get()).toEqual(user);
  await client.me.update({ nickname: '小麻雀' });

  expect(server.seen.map(({ method, path, text }) => [method, path, text])).toEqual([
    ['POST', '/api/login/wechat', '{"code":"code-1"}'],
    ['GET', '/api/me', ''],
    // WeChat has no PATCH.
    ['POST', '/api/me', '{"nickname":"小麻雀"}'],
  ]);
  expect(server.seen[2]?.headers['x-http-method-override']).toBe('PATCH');
  expect(server.seen[1]?.headers['accept-language']).toBe('zh-CN');
});

test('the token outlives the mini-program, and each server has its own', async () => {
  insideWechat();
  await using server = await startScriptedServer(tokenServer());
  await createClient({ baseUrl: server.url }).login();
  const restarted = createClient({ baseUrl: server.url });
  expect(restarted.isLoggedIn).toBe(true);
  expect(await restarted.me.get()).toEqual(user);
  expect(createClient({ baseUrl: 'https://other.example.com' }).isLoggedIn).toBe(false);
});

test('a full storage does not fail a login', async () => {
  insideWechat({ storageIsFull: true });
  await using server = await startScriptedServer(tokenServer());
  const client = createClient({ baseUrl: server.url });
  await client.login();
  expect(await client.me.get()).toEqual(user);
});

test('many calls with an ended token log in once, and all of them succeed', async () => {
  const wechat = insideWechat();
  await using server = await startScriptedServer(tokenServer());
  wechat.stored.set(`maque:token:${server.url}`, 'ended');
  const client = createClient({ baseUrl: server.url });
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.me.get()));
  expect(answers).toEqual(Array.from({ length: 20 }, () => user));
  expect(wechat.logins).toBe(1);
  expect(server.seen.filter((request) => request.path === '/api/login/wechat')).toHaveLength(1);
});

test('a POST that met an ended token is sent once more, since nothing was done', async () => {
  const wechat = insideWechat();
  await using server = await startScriptedServer(tokenServer(() => ({ status: 201, body: { id: 'o1' } })));
  wechat.stored.set(`maque:token:${server.url}`, 'ended');
  const client = createClient({ baseUrl: server.url });
  expect(await client.call('POST', '/orders', { items: [] })).toEqual({ id: 'o1' });
});

test('a server that takes no token at all is asked twice, not for ever', async () => {
  const wechat = insideWechat();
  await using server = await startScriptedServer((request) =>
    request.path === '/api/login/wechat'
      ? { body: { token: 'new', expiresAt: '…', user } }
      : errorAnswer(401, 'TOKEN_INVALID'),
  );
  wechat.stored.set(`maque:token:${server.url}`, 'ended');
  await expect(createClient({ baseUrl: server.url }).me.get()).rejects.toMatchObject({
    code: 'TOKEN_INVALID',
  });
  expect(server.seen).toHaveLength(3);
});

test('who never logged in is told to, not logged in behind their back', async () => {
  const wechat = insideWechat();
  await using server = await startScriptedServer(tokenServer());
  await expect(createClient({ baseUrl: server.url }).me.get()).rejects.toMatchObject({
    code: 'AUTH_REQUIRED',
  });
  expect(wechat.logins).toBe(0);
});

test('a login that fails is told to all who wait, and the next try is a new one', async () => {
  const wechat = insideWechat();
  let refuse = true;
  const healthy = tokenServer();
  await using server = await startScriptedServer((request) =>
    refuse && request.path === '/api/login/wechat' ? errorAnswer(403, 'LOGIN_REFUSED') : healthy(request),
  );
  wechat.stored.set(`maque:token:${server.url}`, 'ended');
  const client = createClient({ baseUrl: server.url });
  const outcomes = await Promise.allSettled([client.me.get(), client.me.get()]);
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual([
    'LOGIN_REFUSED',
    'LOGIN_REFUSED',
  ]);
  refuse = false;
  expect(await client.me.get()).toEqual(user);
});

test('wx.login that fails, and no wx at all, are coded errors', async () => {
  insideWechat({ loginFails: 'login:fail timeout' });
  await expect(createClient({ baseUrl: 'https://api.example.com' }).login()).rejects.toMatchObject({
    code: 'LOGIN_FAILED',
    message: '微信登录失败',
    cause: 'login:fail timeout',
  });
  vi.unstubAllGlobals();
  await expect(createClient({ baseUrl: 'https://api.example.com' }).login()).rejects.toMatchObject({
    code: 'LOGIN_FAILED',
  });
});

test('logout of a session that has ended already is no fault, and no new login', async () => {
  const wechat = insideWechat();
  await using server = await startScriptedServer(tokenServer());
  wechat.stored.set(`maque:token:${server.url}`, 'ended');
  await createClient({ baseUrl: server.url }).logout();
  expect(wechat.logins).toBe(0);
  expect(wechat.stored.size).toBe(0);
});

test('logout ends the session on the server and on the phone, also when the server is gone', async () => {
  const wechat = insideWechat();
  const client = await (async () => {
    await using server = await startScriptedServer(tokenServer(() => ({ status: 204 })));
    const loggedIn = createClient({ baseUrl: server.url });
    await loggedIn.login();
    await loggedIn.logout();
    expect(server.seen.at(-1)).toMatchObject({ method: 'POST', path: '/api/logout', text: '' });
    expect(wechat.stored.size).toBe(0);
    await loggedIn.login();
    return loggedIn;
  })();
  await expect(client.logout()).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  expect(client.isLoggedIn).toBe(false);
});

const upload = { id: 'f1', url: '/api/uploads/f1', type: 'image/jpeg', size: 5 };

/** A server that keeps its files itself. */
const keepingServer: Script = ({ path }) =>
  path === '/api/uploads/tickets' ? errorAnswer(409, 'UPLOAD_NOT_DIRECT') : { status: 201, body: upload };

/** A server whose files are in a store, which is on the same port here and answers as it is told. */
const storingServer =
  (url: () => string, store: () => ReturnType<Script>): Script =>
  ({ path }) => {
    const fields = { key: 'arriving/t1', policy: 'p' };
    const ticket = { id: 't1', url: `${url()}/bucket`, fields, expiresAt: '…' };
    if (path === '/api/uploads/tickets') return { status: 201, body: ticket };
    return path === '/bucket' ? store() : { status: 201, body: upload };
  };

test('inside WeChat a file is sent by its path, and by a new login when the old one has ended', async () => {
  const files = { 'wxfile://tmp/a.jpg': new TextEncoder().encode('bytes') };
  const wechat = insideWechat({ files });
  await using server = await startScriptedServer(tokenServer(keepingServer));
  wechat.stored.set(`maque:token:${server.url}`, 'ended');
  const client = createClient({ baseUrl: server.url });
  expect(await client.upload('wxfile://tmp/a.jpg')).toEqual(upload);
  const sent = server.seen.at(-1);
  expect(sent).toMatchObject({ method: 'POST', path: '/api/uploads' });
  expect(sent?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(sent?.text).toMatch(/name="file"; filename="a.jpg"[\s\S]*bytes/);
  // A server that keeps files itself is not asked again.
  const before = server.seen.length;
  await client.upload('wxfile://tmp/a.jpg');
  expect(server.seen).toHaveLength(before + 1);
});

test.each([
  ['wxfile://tmp/a.jpg', { name: 'a.jpg', bytes: 5 }],
  [new Blob(['bytes'], { type: 'image/jpeg' }), { contentType: 'image/jpeg', bytes: 5 }],
])('a file goes straight to the store, which learns nothing of the user: %o', async (file, asked) => {
  if (typeof file === 'string') insideWechat({ files: { [file]: new TextEncoder().encode('bytes') } });
  const served = storingServer(
    () => server.url,
    () => ({}),
  );
  const guarded = tokenServer(served);
  await using server = await startScriptedServer((request) =>
    request.path === '/bucket' ? served(request) : guarded(request),
  );
  const client = createClient({ baseUrl: server.url, loginCode: async () => 'code' });
  await client.login();
  expect(await client.upload(file)).toEqual(upload);
  const [, ticket, sent, confirmed] = server.seen;
  expect(JSON.parse(ticket?.text ?? '')).toEqual(asked);
  expect([sent?.path, sent?.headers.authorization]).toEqual(['/bucket', undefined]);
  expect(sent?.text).toMatch(
    /name="key"\s+arriving\/t1[\s\S]+name="policy"\s+p\s[\s\S]+name="file"[\s\S]+bytes/,
  );
  expect(confirmed).toMatchObject({ method: 'POST', path: '/api/uploads/t1/confirm' });
});

test.each([
  ['is cut off', 'cut' as const],
  ['says that the server is busy', errorAnswer(503, 'OVERLOADED')],
])('a file that the store has is an upload although the answer to that %s', async (_, answer) => {
  let confirmed = 0;
  const serving = storingServer(
    () => server.url,
    () => ({}),
  );
  await using server = await startScriptedServer((request) => {
    if (!request.path.endsWith('/confirm')) return serving(request);
    confirmed += 1;
    return confirmed === 1 ? answer : serving(request);
  });
  const client = createClient({ baseUrl: server.url, retry: { baseDelayMs: 1 } });
  expect(await client.upload(new Blob(['bytes'], { type: 'image/jpeg' }))).toEqual(upload);
  expect(server.seen.map(({ path }) => path)).toEqual([
    '/api/uploads/tickets',
    '/bucket',
    '/api/uploads/t1/confirm',
    '/api/uploads/t1/confirm',
  ]);
});

test('a file of which neither name nor type tell the kind is told by its bytes, on the server', async () => {
  await using server = await startScriptedServer(({ path }) =>
    path === '/api/uploads/tickets'
      ? errorAnswer(415, 'FILE_KIND_UNSUPPORTED')
      : { status: 201, body: upload },
  );
  expect(await createClient({ baseUrl: server.url }).upload(new Blob(['bytes']))).toEqual(upload);
});

test.each([
  ['refuses it', () => ({ status: 403, body: '<Error/>' })],
  ['cannot be reached', () => 'cut' as const],
])('a file goes through the server when the store %s', async (_, store) => {
  await using server = await startScriptedServer(storingServer(() => server.url, store));
  const client = createClient({ baseUrl: server.url });
  expect(await client.upload(new Blob(['bytes'], { type: 'image/jpeg' }))).toEqual(upload);
  expect(server.seen.map(({ path }) => path)).toEqual(['/api/uploads/tickets', '/bucket', '/api/uploads']);
});

test('the address of a file is whole, so that a picture of a page can show it', () => {
  const client = createClient({ baseUrl: 'https://api.example.cn/' });
  expect(client.addressOf(upload.url)).toBe('https://api.example.cn/api/uploads/f1');
  expect(client.addressOf('https://example.cn/a.png')).toBe('https://example.cn/a.png');
});

test('a file that is refused, or is not there, is a coded error', async () => {
  insideWechat({ files: { 'wxfile://a': new Uint8Array(5) } });
  await using server = await startScriptedServer(() => errorAnswer(413, 'BODY_TOO_LARGE'));
  const client = createClient({ baseUrl: server.url });
  await expect(client.upload('wxfile://a')).rejects.toMatchObject({ code: 'BODY_TOO_LARGE', status: 413 });
  await expect(client.upload('wxfile://b')).rejects.toMatchObject({
    code: 'NETWORK_FAILED',
    cause: { message: 'uploadFile:fail file not found' },
  });
  expect(server.seen).toHaveLength(1);
});

test('outside of WeChat a file is a Blob', async () => {
  await using server = await startScriptedServer(keepingServer);
  const client = createClient({ baseUrl: server.url });
  expect(await client.upload(new Blob(['bytes'], { type: 'image/jpeg' }))).toEqual(upload);
  expect(server.seen[1]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(server.seen[1]?.text).toMatch(/name="file"; filename="[\s\S]*bytes/);
});

test('a network fault inside WeChat keeps what WeChat said of it', async () => {
  insideWechat();
  const client = createClient({ baseUrl: 'http://127.0.0.1:1', retry: { attempts: 1 } });
  await expect(client.call('GET', '/products')).rejects.toMatchObject({
    code: 'NETWORK_FAILED',
    message: '无法连接服务器',
    cause: { message: 'request:fail net::ERR_CONNECTION_RESET' },
  });
});

test('collections: list with everything, get, create, update and remove', async () => {
  await using server = await startScriptedServer(() => ({ body: { items: [], nextCursor: null } }));
  const products = createClient<AppShape>({ baseUrl: server.url }).collection('products');
  await products.list();
  await products.list({
    limit: 20,
    sort: ['-createdAt', 'id'],
    filter: filter`createdAt > ${'2026'}`,
    fields: ['id', 'createdAt'],
  });
  await products.get('a/b');
  await products.create({});
  await products.update('p1', {});
  await products.remove('p1');
  expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /api/products',
    'GET /api/products?limit=20&sort=-createdAt%2Cid&filter=createdAt%20%3E%20%222026%22&fields=id%2CcreatedAt',
    'GET /api/products/a%2Fb',
    'POST /api/products',
    'PATCH /api/products/p1',
    'DELETE /api/products/p1',
  ]);
});

test('pages are walked to the end, one at a time, and no further than is looked at', async () => {
  await using server = await startScriptedServer(({ path }) => {
    const page = Number(/cursor=c(\d)/.exec(path)?.[1] ?? 0);
    return { body: { items: [{ id: `p${page}` }], nextCursor: page < 2 ? `c${page + 1}` : null } };
  });
  const products = createClient<AppShape>({ baseUrl: server.url }).collection('products');
  const ids: string[] = [];
  for await (const { items } of products.pages({ limit: 1 })) ids.push(...items.map(({ id }) => id));
  expect(ids).toEqual(['p0', 'p1', 'p2']);
  expect(server.seen.map(({ path }) => path)).toEqual([
    '/api/products?limit=1',
    '/api/products?limit=1&cursor=c1',
    '/api/products?limit=1&cursor=c2',
  ]);

  for await (const _page of products.pages()) break;
  expect(server.seen).toHaveLength(4);
});

test('call puts its input into the query of a GET and the body of a POST', async () => {
  await using server = await startScriptedServer(() => ({ body: {} }));
  const client = createClient({ baseUrl: `${server.url}/` });
  await client.call('GET', '/orders', { limit: 5 });
  await client.call('POST', '/sales/s1/reserve');
  await client.call('DELETE', '/carts/c1');
  expect(server.seen.map(({ method, path, text }) => [method, path, text])).toEqual([
    ['GET', '/api/orders?limit=5', ''],
    ['POST', '/api/sales/s1/reserve', ''],
    ['DELETE', '/api/carts/c1', ''],
  ]);
});

test('pays through the cashier of WeChat, and tells a change of mind from a failure', async () => {
  const parameters = {
    timeStamp: '1',
    nonceStr: 'n',
    package: 'prepay_id=wx1',
    signType: 'RSA',
    paySign: 's',
  } as const;
  const outcomes: ('ok' | 'cancel' | 'fail')[] = ['ok', 'cancel', 'fail'];
  const seen: unknown[] = [];
  insideWechat({
    async pay(given) {
      seen.push(given);
      return outcomes.shift() ?? 'fail';
    },
  });
  const client = createClient<AppShape>({ baseUrl: 'https://shop.example.com' });
  // The server's answer may carry more, which WeChat must not see.
  expect(await client.pay({ ...parameters, orderId: 'o1' } as typeof parameters)).toBe('finished');
  expect(await client.pay(parameters)).toBe('cancelled');
  await expect(client.pay(parameters)).rejects.toMatchObject({ code: 'PAYMENT_FAILED' });
  expect(seen).toEqual([parameters, parameters, parameters]);
});

test('asks for the right to send messages, and tells the server what was answered', async () => {
  insideWechat({ subscribe: async (id) => (id === 't1' ? 'accept' : 'reject') });
  await using server = await startScriptedServer(tokenServer(() => ({ status: 204 })));
  const client = createClient<AppShape>({ baseUrl: server.url });
  await client.login();
  expect(await client.subscribe(['t1', 't2'])).toEqual({ t1: 'accept', t2: 'reject' });
  expect(server.seen.at(-1)).toMatchObject({
    path: '/api/wechat/subscriptions',
    text: '{"answers":{"t1":"accept","t2":"reject"}}',
  });
  await expect(client.subscribe(['1', '2', '3', '4', '5', '6'])).rejects.toMatchObject({
    code: 'SUBSCRIPTION_FAILED',
  });
});

test('outside WeChat nobody can pay, and it says so', async () => {
  const client = createClient<AppShape>({ baseUrl: 'https://shop.example.com' });
  const nothing = { timeStamp: '', nonceStr: '', package: '', signType: 'RSA', paySign: '' } as const;
  await expect(client.pay(nothing)).rejects.toMatchObject({ code: 'PAYMENT_FAILED' });
  await expect(client.subscribe(['t1'])).rejects.toMatchObject({ code: 'SUBSCRIPTION_FAILED' });
});
