import { createHmac, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { type ApiCall, callApi, logIn } from '@maque/testkit/process/api-client';
import { type RunningMaque, startMaque } from '@maque/testkit/process/start-maque';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let shop: RunningMaque;
let token: string;
let otherToken: string;
let productId: string;
let stockBefore: number;

beforeAll(async () => {
  shop = await startMaque();
  token = await logIn(shop.url, 'demo-1');
  otherToken = await logIn(shop.url, 'demo-2');
  const [product] = (await callApi(shop.url, '/api/products?limit=1')).json().items;
  productId = product.id;
  stockBefore = product.stock;
});
afterAll(() => shop[Symbol.asyncDispose]());

/** What no answer may tell of the inside. */
const INSIDE = /node_modules|SQLITE|SELECT |at \w+ \(|\.ts:|\.js:\d|maque\.db/i;

/** Expects a coded error of the wire's shape that leaks nothing. */
async function expectRefused(
  path: string,
  call: ApiCall,
  status: number | number[],
  code: string | string[],
) {
  const answer = await callApi(shop.url, path, call);
  expect([status].flat(), answer.text).toContain(answer.status);
  const { error } = answer.json();
  expect([code].flat()).toContain(error.code);
  expect(error.message).toEqual(expect.any(String));
  expect(error.requestId).toEqual(expect.any(String));
  expect(answer.text).not.toMatch(INSIDE);
}

const order = (item: unknown) => ({ items: [item] });

describe('an order', () => {
  it.each([
    ['malformed JSON', '{"items":[', 400, 'BAD_JSON'],
    ['no JSON at all', 'items=1', 400, 'BAD_JSON'],
    ['a list where an object is due', [], 400, 'VALIDATION_FAILED'],
    ['no items', { items: [] }, 400, 'VALIDATION_FAILED'],
    ['an unknown field', { items: [], coupon: 'FREE' }, 400, 'VALIDATION_FAILED'],
    [
      'an unknown field of an item',
      order({ productId: 'x', quantity: 1, price_fen: 1 }),
      400,
      'VALIDATION_FAILED',
    ],
    ['a text as quantity', order({ productId: 'x', quantity: '2' }), 400, 'VALIDATION_FAILED'],
    ['a negative quantity', order({ productId: 'x', quantity: -1 }), 400, 'VALIDATION_FAILED'],
    ['a quantity of zero', order({ productId: 'x', quantity: 0 }), 400, 'VALIDATION_FAILED'],
    ['a fractional quantity', order({ productId: 'x', quantity: 1.5 }), 400, 'VALIDATION_FAILED'],
    ['a huge quantity', order({ productId: 'x', quantity: 1e15 }), 400, 'VALIDATION_FAILED'],
    ['null as quantity', order({ productId: 'x', quantity: null }), 400, 'VALIDATION_FAILED'],
  ])('with %s is refused', async (_, body, status, code) => {
    await expectRefused('/api/orders', { token, body }, status, code);
  });

  it('of an unknown product is refused', async () => {
    const body = order({ productId: 'no-such-product', quantity: 1 });
    const answer = await callApi(shop.url, '/api/orders', { token, body });
    expect([400, 404, 409]).toContain(answer.status);
    expect(answer.json().error.code).toMatch(/PRODUCT|NOT_FOUND/);
  });

  it('of 10 MB is refused without being read whole', async () => {
    // A client that sends on is cut off; one that listens gets the answer.
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(`${shop.url}/api/orders`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': 10_485_760,
        },
      });
      sent.on('response', (response) => resolve(response.statusCode));
      sent.on('error', reject);
      sent.write('{"items":"');
    });
    expect(status).toBe(413);
  });

  it('without a token is refused', () =>
    expectRefused('/api/orders', { body: order({}) }, 401, 'AUTH_REQUIRED'));
});

describe('a list', () => {
  it.each([
    ['SQL in a filter', "filter=name = '' OR 1=1; DROP TABLE products", 'FILTER_INVALID'],
    ['a quote in a filter', 'filter=name = "x\'--', 'FILTER_INVALID'],
    ['a filter on a field that is not there', 'filter=password = "x"', 'FILTER_INVALID'],
    ['a filter bomb', `filter=${'('.repeat(500)}`, 'FILTER_INVALID'],
    ['a cursor that was made up', 'cursor=abc', 'CURSOR_INVALID'],
    ['SQL in a sort', 'sort=name;drop', 'SORT_INVALID'],
    ['a field that is not there', 'fields=secret', 'FIELDS_INVALID'],
    ['a page of a million', 'limit=1000000', 'VALIDATION_FAILED'],
    ['an unknown parameter', 'where=1', 'VALIDATION_FAILED'],
  ])('with %s is refused', async (_, query, code) => {
    const [name = '', ...rest] = query.split('=');
    await expectRefused(`/api/products?${name}=${encodeURIComponent(rest.join('='))}`, {}, 400, code);
  });

  it('refuses a cursor that was tampered with', async () => {
    const { nextCursor } = (await callApi(shop.url, '/api/products?limit=2')).json();
    const middle = Math.floor(nextCursor.length / 2);
    const other = nextCursor[middle] === 'A' ? 'B' : 'A';
    const tampered = nextCursor.slice(0, middle) + other + nextCursor.slice(middle + 1);
    await expectRefused(
      `/api/products?limit=2&cursor=${encodeURIComponent(tampered)}`,
      {},
      400,
      'CURSOR_INVALID',
    );
    // A cursor belongs to the list that it was given for.
    const elsewhere = `/api/products?limit=2&sort=name&cursor=${encodeURIComponent(nextCursor)}`;
    await expectRefused(elsewhere, {}, 400, 'CURSOR_INVALID');
  });
});

describe('a token', () => {
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = () => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

  it.each([
    ['garbage', () => 'garbage'],
    ['alg none', () => `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims())}.`],
    [
      'alg none with a signature',
      () => `${base64({ alg: 'none' })}.${base64(claims())}.${token.split('.')[2]}`,
    ],
    [
      'signed with a key of the forger',
      () => {
        const text = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(claims())}`;
        return `${text}.${createHmac('sha256', randomBytes(32)).update(text).digest('base64url')}`;
      },
    ],
    [
      'of somebody else',
      () => {
        const [head, , signature] = token.split('.');
        return `${head}.${otherToken.split('.')[1]}.${signature}`;
      },
    ],
    ['of 100 KB', () => 'a'.repeat(10_000)],
  ])('that is %s is refused', async (_, forge) => {
    await expectRefused('/api/me', { token: forge() }, 401, 'TOKEN_INVALID');
  });

  it('is dead after logging out', async () => {
    const mine = await logIn(shop.url, 'demo-3');
    const answer = await callApi(shop.url, '/api/logout', { method: 'POST', token: mine });
    expect(answer.status).toBeLessThan(300);
    expect((await callApi(shop.url, '/api/me', { token: mine })).status).toBe(401);
  });
});

it('refuses a login code that WeChat would refuse', () =>
  expectRefused('/api/login/wechat', { body: { code: 'stolen' } }, 401, 'LOGIN_CODE_INVALID'));

it.each([
  '/_/../secrets.json',
  '/_/..%2fsecrets.json',
  '/_/%2e%2e/%2e%2e/etc/passwd',
  '/api/files/..%2f..%2fsecrets.json',
])('does not leave its folders for %s', async (path) => {
  const status = await new Promise((resolve, reject) => {
    // Not fetch, which tidies a path before it sends it.
    httpRequest(new URL(shop.url), { path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect([400, 404]).toContain(status);
});

it('changed nothing by all of this', async () => {
  expect((await callApi(shop.url, '/api/orders', { token })).json().items).toEqual([]);
  expect((await callApi(shop.url, `/api/products/${productId}`)).json()).toMatchObject({
    stock: stockBefore,
  });
});
