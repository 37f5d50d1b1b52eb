import Fastify from 'fastify';
import { since, steady } from '../rates.js';

export const scenario = {
  about:
    'The raw bodies of payment notices are kept in a list, in case that somebody asks; a day is some gigabytes.',
  minutes: 2.6,
  leak: {
    pool: 'external',
    startSeconds: 20,
    route: 'POST /notify',
    constructors: ['Buffer', 'ArrayBuffer', 'FastBuffer', 'Uint8Array'],
    sites: ['keepBody', 'copyOf'],
  },
  arrivals: [
    { route: 'POST /notify', rate: since(20, steady(9)), body: (n) => Buffer.alloc(90_000, n % 251) },
    { route: 'POST /echo', rate: steady(6), body: (n) => Buffer.alloc(60_000, n % 251) },
    { route: 'GET /orders', rate: steady(20) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const bodies = [];
    const keepBody = (body) => bodies.push({ at: Date.now(), body: Buffer.from(body) });
    const app = Fastify();
    app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    app.post('/notify', async ({ body }) => {
      keepBody(body);
      return { code: 'SUCCESS' };
    });
    app.post('/echo', async ({ body }) => ({ length: Buffer.from(body).length }));
    app.get('/orders', async () => Array.from({ length: 260 }, (_, id) => ({ id, total_fen: id * 7 })));
    app.get('/health', async () => 'ok');
    await app.ready();
    return app.server;
  },
};
