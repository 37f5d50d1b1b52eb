import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type HttpAnswer, sendRequest } from '@maque/testkit/scenarios/send-request';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SmallServer, startSmallServer } from '../../testing/small-server.ts';
import { encodingFor } from './compression.ts';

const page = { items: Array.from({ length: 100 }, (_, number) => ({ name: `龙井茶 Longjing ${number}` })) };
const kept = Buffer.from(JSON.stringify(page));
const huge = { text: 'a lot of text '.repeat(20_000) };
let server: SmallServer;

beforeAll(async () => {
  server = await startSmallServer((routes) => {
    const config = { auth: 'public' } as const;
    routes.get('/api/page', { config }, () => page);
    routes.get('/api/huge', { config }, () => huge);
    routes.get('/api/short', { config }, () => ({ items: [] }));
    routes.get('/api/kept', { config }, (_request, reply) =>
      reply.header('etag', '"v1"').type('application/json; charset=utf-8').send(kept),
    );
    routes.get('/api/picture', { config }, (_request, reply) =>
      reply.type('image/png').send(Buffer.alloc(5_000)),
    );
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const get = (path: string, accept?: string, method = 'GET'): Promise<HttpAnswer> =>
  sendRequest(server.url, {
    method,
    path,
    headers: accept === undefined ? {} : { 'accept-encoding': accept },
  });

it.each([
  ['/api/page', 'gzip', gunzipSync, page],
  ['/api/page', 'gzip, deflate, br', brotliDecompressSync, page],
  ['/api/kept', 'gzip;q=0.5', gunzipSync, page],
  ['/api/kept', 'br', brotliDecompressSync, page],
  ['/api/huge', 'gzip', gunzipSync, huge],
  ['/api/huge', 'br', brotliDecompressSync, huge],
])('sends %s smaller to who accepts %s', async (path, accept, decompress, expected) => {
  const plain = await get(path);
  for (let round = 0; round < 2; round += 1) {
    const answer = await get(path, accept);
    expect(answer.headers['content-encoding']).toBe(accept.includes('br') ? 'br' : 'gzip');
    expect(answer.headers.vary).toBe('accept-encoding');
    expect(answer.bytes.length).toBeLessThan(plain.bytes.length / 2);
    expect(Number(answer.headers['content-length'])).toBe(answer.bytes.length);
    expect(JSON.parse(decompress(answer.bytes).toString())).toEqual(expected);
  }
});

it('leaves alone what gains nothing: short answers, pictures, and who does not ask', async () => {
  for (const answer of await Promise.all([
    get('/api/short', 'gzip'),
    get('/api/picture', 'gzip'),
    get('/api/page'),
    get('/api/page', 'identity'),
    get('/api/page', 'gzip;q=0, br;q=0.0'),
  ])) {
    expect(answer.status).toBe(200);
    expect(answer.headers['content-encoding']).toBeUndefined();
  }
  expect((await get('/api/page')).headers.vary).toBe('accept-encoding');
});

it('weakens the tag of what it changes', async () => {
  expect((await get('/api/kept')).headers.etag).toBe('"v1"');
  expect((await get('/api/kept', 'gzip')).headers.etag).toBe('W/"v1"');
});

it('answers HEAD with the headers and nothing else', async () => {
  const answer = await get('/api/page', 'gzip', 'HEAD');
  expect(answer.status).toBe(200);
  expect(answer.bytes.length).toBe(0);
});

it.each([
  [undefined, undefined],
  ['', undefined],
  ['gzip', 'gzip'],
  ['br;q=0.1, gzip', 'br'],
  ['br;q=0, gzip', 'gzip'],
  ['brotli', undefined],
])('reads %s as %s', (accept, encoding) => {
  expect(encodingFor(accept)).toBe(encoding);
});
