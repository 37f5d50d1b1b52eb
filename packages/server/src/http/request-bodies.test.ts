import { runScenarios } from '@maque/testkit/scenarios/run-scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmallServer, startSmallServer } from '../../testing/small-server.ts';
import { field } from '../define/index.ts';
import { checkedBody, checkedChanges } from './checked-body.ts';

const orderFields = {
  items: field.list(
    field.object({ productId: field.text({ maxLength: 20 }), quantity: field.int({ min: 1, max: 99 }) }),
    { minItems: 1, maxItems: 2_000 },
  ),
};

let server: SmallServer;
const received: unknown[] = [];

beforeAll(async () => {
  server = await startSmallServer((routes) => {
    routes.post('/api/orders', { config: { auth: 'public' } }, (request) => {
      received.push(checkedBody(request, orderFields));
      return { ok: true };
    });
    routes.patch('/api/orders', { config: { auth: 'public' } }, (request) =>
      checkedChanges(request, { note: field.text({ maxLength: 5 }), gift: field.bool() }),
    );
    routes.delete('/api/orders', { config: { auth: 'public' } }, (request) => ({
      deleted: request.body === undefined,
    }));
  });
});

afterAll(() => server[Symbol.asyncDispose]());

const item = { productId: 'p1', quantity: 2 };
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a body', () => {
  runScenarios(
    () => server.url,
    [
      {
        name: 'that fits is handled',
        request: 'POST /api/orders',
        body: { items: [item] },
        status: 200,
        contains: ['"ok":true'],
      },
      {
        name: 'that is not JSON is refused',
        request: 'POST /api/orders',
        body: '{"items": [',
        status: 400,
        contains: ['"code":"BAD_JSON"', '"requestId":"'],
      },
      {
        name: 'that is empty is refused where fields are expected',
        request: 'POST /api/orders',
        body: '',
        status: 400,
        contains: ['VALIDATION_FAILED', 'must be an object'],
      },
      {
        name: 'that is empty is none to a route that takes none, whatever its content type',
        request: 'DELETE /api/orders',
        body: '',
        status: 200,
        contains: ['"deleted":true'],
      },
      {
        name: 'of 10 MB is refused with the limit',
        request: 'POST /api/orders',
        body: Buffer.alloc(10 * 1024 * 1024, 'a'),
        status: 413,
        contains: ['BODY_TOO_LARGE', '1 MiB'],
      },
      {
        name: 'of 10 MB without a length is refused too',
        request: 'POST /api/orders',
        headers: { 'transfer-encoding': 'chunked' },
        body: Buffer.alloc(10 * 1024 * 1024, 'a'),
        status: 413,
        contains: ['BODY_TOO_LARGE'],
      },
      {
        name: 'nested too deep is refused before it is built',
        request: 'POST /api/orders',
        body: nested(400_000),
        status: 400,
        contains: ['BAD_JSON'],
      },
      {
        name: 'that reaches for a prototype is refused',
        request: 'POST /api/orders',
        body: '{"items":[{"productId":"p1","quantity":1}],"__proto__":{"admin":true}}',
        status: 400,
        contains: ['BAD_JSON'],
      },
      {
        name: 'that reaches for a constructor is refused',
        request: 'POST /api/orders',
        body: '{"constructor":{"prototype":{"admin":true}}}',
        status: 400,
        contains: ['BAD_JSON'],
      },
      {
        name: 'of another kind is refused',
        request: 'POST /api/orders',
        headers: { 'content-type': 'text/plain' },
        body: 'items',
        status: 415,
        contains: ['MEDIA_TYPE_UNSUPPORTED'],
      },
      {
        name: 'with unknown fields, wrong types and impossible quantities is refused with all its faults',
        request: 'POST /api/orders',
        body: {
          items: [
            { productId: 7, quantity: '2' },
            { productId: 'p1', quantity: -1 },
            { productId: 'p1', quantity: 1.5 },
            { productId: 'p1', quantity: 1e21 },
            { productId: 'p1', quantity: 1, price: 0 },
            { quantity: 1 },
          ],
          coupon: 'x',
        },
        status: 400,
        contains: [
          'VALIDATION_FAILED',
          '{"path":"coupon","issue":"is not a known field"}',
          '{"path":"items.0.productId","issue":"must be text"}',
          '{"path":"items.0.quantity","issue":"must be a whole number from 1 to 99"}',
          '{"path":"items.1.quantity","issue":',
          '{"path":"items.2.quantity","issue":',
          '{"path":"items.3.quantity","issue":',
          '{"path":"items.4.price","issue":"is not a known field"}',
          '{"path":"items.5.productId","issue":"is required"}',
        ],
      },
      {
        name: 'with endless faults is refused with the first twenty',
        request: 'POST /api/orders',
        body: { items: Array.from({ length: 1_500 }, () => ({ productId: 7, quantity: 'x' })) },
        status: 400,
        contains: ['"path":"items.9.quantity"'],
        lacks: ['items.10.'],
      },
      {
        name: 'that is a list where fields are expected is refused',
        request: 'POST /api/orders',
        body: [item],
        status: 400,
        contains: ['"details":[{"issue":"must be an object"}]'],
      },
      {
        name: 'of changes holds what was given and nothing else',
        request: 'PATCH /api/orders',
        body: { note: 'hello' },
        status: 200,
        contains: ['{"note":"hello"}'],
      },
      {
        name: 'that is not there at all is none either',
        request: 'DELETE /api/orders',
        headers: { 'content-type': 'application/json' },
        status: 200,
        contains: ['"deleted":true'],
      },
      {
        name: 'of changes may come by POST from a phone, which has no PATCH',
        request: 'POST /api/orders',
        headers: { 'x-http-method-override': 'PATCH' },
        body: { gift: true },
        status: 200,
        contains: ['{"gift":true}'],
      },
      {
        name: 'hides no other method behind POST',
        request: 'POST /api/orders',
        headers: { 'x-http-method-override': 'DELETE' },
        body: { items: [item] },
        status: 200,
        contains: ['"ok":true'],
      },
      {
        name: 'is spoken of in Chinese to who reads Chinese',
        request: 'POST /api/orders',
        headers: { 'accept-language': 'zh-CN,zh;q=0.9' },
        body: { items: [] },
        status: 400,
        contains: ['请求参数不合法', '{"path":"items","issue":"应为 1 到 2000 项的列表"}'],
      },
    ],
  );

  it('that is refused reaches no handler', () => {
    expect(received).toEqual([{ items: [item] }, { items: [item] }]);
  });
});
