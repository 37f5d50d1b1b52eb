import { expect, test } from 'vitest';
import type { Answer } from './answer-reader.ts';
import { type RequestKind, Shopper, type ShopRequest } from './shopper.ts';

const catalogue = {
  pages: [{ path: '/api/products?limit=20', productIds: ['p1', 'p2'] }],
  products: [{ id: 'p1', priceFen: 500 }],
};
const productPage = {
  items: [
    { id: 'p1', price_fen: 500 },
    { id: 'p2', price_fen: 700 },
  ],
  nextCursor: null,
};

function newShopper(seed = 1): Shopper {
  return new Shopper(catalogue, { id: 'u1', token: 't' }, 'shop:80', seed);
}

function nextOf<Kind extends RequestKind>(shopper: Shopper, kind: Kind): ShopRequest & { kind: Kind } {
  for (;;) {
    const request = shopper.next();
    if (request.kind === kind) return request as ShopRequest & { kind: Kind };
  }
}

function answer(status: number, body: unknown, head = `HTTP/1.1 ${status} Any`): Answer {
  return { status, head, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

test('the mix is what it says', () => {
  const shopper = newShopper();
  const counts = { products: 0, me: 0, orders: 0, 'order-create': 0 };
  for (let request = 0; request < 20_000; request += 1) counts[shopper.next().kind] += 1;
  expect(counts.products / 200).toBeCloseTo(50, -0.5);
  expect(counts.me / 200).toBeCloseTo(20, -0.5);
  expect(counts.orders / 200).toBeCloseTo(15, -0.5);
  expect(counts['order-create'] / 200).toBeCloseTo(15, -0.5);
});

test('each stack gets the same requests in the same order', () => {
  const bytes = (shopper: Shopper) => Array.from({ length: 200 }, () => shopper.next().bytes.toString());
  expect(bytes(newShopper(7))).toEqual(bytes(newShopper(7)));
  expect(bytes(newShopper(7))).not.toEqual(bytes(newShopper(8)));
});

test('a page must be the page that was asked for', () => {
  const shopper = newShopper();
  const request = nextOf(shopper, 'products');
  expect(shopper.judge(request, answer(200, productPage))).toBe('right');
  expect(shopper.judge(request, answer(200, { items: [], nextCursor: null }))).toBe('wrong');
  expect(shopper.judge(request, answer(304, productPage))).toBe('wrong');
});

test('a page that only looks right is found by looking whole', () => {
  const shopper = newShopper();
  const request = nextOf(shopper, 'products');
  const missesOne = `${JSON.stringify({ items: [{ id: 'p1' }, { id: 'p2' }] })}`; // no prices
  const verdicts = Array.from({ length: 40 }, () => shopper.judge(request, answer(200, missesOne)));
  expect(verdicts).toContain('wrong');
});

test("somebody else's profile is wrong", () => {
  const shopper = newShopper();
  const request = nextOf(shopper, 'me');
  expect(shopper.judge(request, answer(200, { id: 'u1' }))).toBe('right');
  expect(shopper.judge(request, answer(200, { id: 'u2' }))).toBe('wrong');
});

test('an order must cost what it should, and then be on the list', () => {
  const shopper = newShopper();
  const order = nextOf(shopper, 'order-create');
  const total_fen = 500 * order.quantity;
  expect(shopper.judge(order, answer(201, { id: 'o1', total_fen: 1 }))).toBe('wrong');
  expect(shopper.judge(order, answer(201, '{"id":'))).toBe('wrong');
  expect(shopper.judge(order, answer(201, { id: 'o1', total_fen }))).toBe('right');
  expect(shopper.accepted).toEqual({ orders: 1, quantity: order.quantity });

  const list = nextOf(shopper, 'orders');
  expect(shopper.judge(list, answer(200, { items: [{ id: 'o1', total_fen }] }))).toBe('right');
  expect(shopper.judge(list, answer(200, { items: [] }))).toBe('wrong');
});

test('503 is fair only when it says when to come back', () => {
  const shopper = newShopper();
  const request = nextOf(shopper, 'me');
  expect(shopper.judge(request, answer(503, '', 'HTTP/1.1 503 X\r\nretry-after: 1'))).toBe('shed');
  expect(shopper.judge(request, answer(503, ''))).toBe('wrong');
});
