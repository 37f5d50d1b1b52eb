import { afterEach, expect, test, vi } from 'vitest';
import { errorAnswer, startScriptedServer } from '../testing/scripted-server.ts';
import { insideWechat, tokenServer, user } from '../testing/token-server.ts';
import type { AppShape } from './app-types.ts';
import { createClient } from './client.ts';
import { filter } from './filter.ts';

interface Related<Target, Kind extends string> {
  readonly valueType: Kind extends 'relations' ? readonly string[] : string;
  readonly presence: 'defaulted';
  readonly isHidden: false;
  readonly spec: { readonly kind: Kind };
  readonly behind: Target;
}
interface Tags {
  readonly fields: Record<never, never>;
}
interface Categories {
  readonly fields: { readonly parentId: Related<'self', 'relation'> };
}
/** As `typeof app` looks to the client. */
interface Shop {
  readonly collections: {
    readonly tags: Tags;
    readonly products: {
      readonly fields: {
        readonly at: Related<undefined, 'geo'>;
        readonly categoryId: Related<Categories, 'relation'>;
        readonly tagIds: Related<Tags, 'relations'>;
      };
    };
  };
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

test('one of several mini-programs says which it is', async () => {
  insideWechat({ codes: ['code-1'] });
  await using server = await startScriptedServer(tokenServer());
  await createClient({ baseUrl: server.url, appId: 'wx0123456789abcdef' }).login();
  expect(server.seen[0]?.text).toBe('{"code":"code-1","appId":"wx0123456789abcdef"}');
});

test('a phone is bound by its code, and who is forgotten is logged out', async () => {
  const wechat = insideWechat();
  let isErased = false;
  const script = tokenServer(({ method }) => {
    if (isErased) return errorAnswer(401, 'TOKEN_INVALID');
    isErased = method === 'DELETE';
    return { body: user };
  });
  await using server = await startScriptedServer(script);
  const client = createClient({ baseUrl: server.url });
  await client.login();
  expect(await client.me.bindPhone('phone-1')).toEqual(user);
  await client.me.erase();
  expect(client.isLoggedIn).toBe(false);
  expect(wechat.logins).toBe(1);
  expect(server.seen.slice(1).map(({ method, path, text }) => `${method} ${path} ${text}`)).toEqual([
    'POST /api/me/phone {"code":"phone-1"}',
    'DELETE /api/me ',
    'POST /api/logout ',
  ]);
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

test('collections: what comes along, search, near, count, versions and restore', async () => {
  await using server = await startScriptedServer(() => ({ body: { items: [], nextCursor: null } }));
  const products = createClient<Shop>({ baseUrl: server.url }).collection('products');
  await products.list({
    ...{ expand: ['categoryId.parentId', 'tagIds'], search: '绿茶', count: true },
    near: { field: 'at', lat: 39.908, lng: -116.397, meters: 2_000 },
  });
  await products.get('p1', { expand: ['tagIds'], fields: ['id'] });
  const ifUnchangedSince = '2026-11-20T04:00:00.123Z';
  await products.update('p1', {}, { ifUnchangedSince });
  await products.remove('p1', { ifUnchangedSince });
  await products.restore('p1');
  expect(server.seen.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)).toEqual([
    'GET /api/products?search=绿茶&count=true&expand=categoryId.parentId,tagIds&near=at,39.908,-116.397,2000',
    'GET /api/products/p1?fields=id&expand=tagIds',
    'PATCH /api/products/p1',
    'DELETE /api/products/p1',
    'POST /api/products/p1/restore',
  ]);
  const version = `"${Date.parse(ifUnchangedSince).toString(36)}"`;
  expect(server.seen.map(({ headers }) => headers['if-match'])).toEqual([
    ...[undefined, undefined, version, version, undefined],
  ]);
});

test('a create whose answer is lost is asked for again under the same key, the next one under another', async () => {
  let isCut = true;
  await using server = await startScriptedServer(() => {
    if (isCut) {
      isCut = false;
      return 'cut';
    }
    return { status: 201, body: { id: 'p1' } };
  });
  const options = { baseUrl: server.url, retry: { baseDelayMs: 1 } };
  const products = createClient<AppShape>(options).collection('products');
  expect(await products.create({})).toEqual({ id: 'p1' });
  await products.create({});
  await products.create({}, { idempotencyKey: 'mine' });
  const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
  expect(keys[0]).toMatch(/^[0-9a-z]{16}$/);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
  expect(keys[3]).toBe('mine');
});

test('a change is never sent twice: it may have been done', async () => {
  await using server = await startScriptedServer(() => 'cut');
  const options = { baseUrl: server.url, retry: { baseDelayMs: 1 } };
  const products = createClient<AppShape>(options).collection('products');
  await expect(products.update('p1', {})).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
  expect(server.seen).toHaveLength(1);
});

test('a batch is one request under one key, and answers each result', async () => {
  await using server = await startScriptedServer(() => ({
    body: { results: [{ id: 'o1' }, { id: 'p1' }, null] },
  }));
  const client = createClient<Shop>({ baseUrl: server.url });
  const [products, tags] = [client.collection('products'), client.collection('tags')];
  const ifUnchangedSince = '2026-11-20T04:00:00.123Z';
  const results = await client.batch([
    tags.batch.create({}),
    products.batch.update('p1', {}, { ifUnchangedSince }),
    products.batch.remove('p2'),
  ]);
  expect(results).toEqual([{ id: 'o1' }, { id: 'p1' }, null]);
  const ifMatch = `"${Date.parse(ifUnchangedSince).toString(36)}"`;
  expect(JSON.parse(server.seen[0]?.text ?? '')).toEqual({
    operations: [
      { create: 'tags', record: {} },
      { update: 'products', id: 'p1', changes: {}, ifMatch },
      { delete: 'products', id: 'p2' },
    ],
  });
  expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/api/batch' });
  expect(server.seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-z]{16}$/);
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
