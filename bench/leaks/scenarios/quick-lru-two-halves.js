import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import QuickLRU from 'quick-lru';
import { steady } from '../rates.js';

export const scenario = {
  about:
    'A quick-lru fills; it keeps two generations of its size and drops the older one whole, so that it comes in saw teeth.',
  minutes: 3.6,
  leak: null,
  arrivals: [
    { route: 'GET /goods/:id', rate: steady(36), path: (n) => `/goods/${n}` },
    { route: 'GET /front', rate: steady(10) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const cache = new QuickLRU({ maxSize: 1_500 });
    const app = new Hono();
    app.get('/goods/:id', (c) => {
      const id = c.req.param('id');
      const goods = cache.get(id) ?? {
        id,
        tags: Array.from({ length: 120 }, (_, tag) => ({ tag, name: `tag ${tag} of ${id}` })),
      };
      cache.set(id, goods);
      return c.json({ id, tags: goods.tags.length });
    });
    app.get('/front', (c) => c.json(Array.from({ length: 300 }, (_, rank) => ({ rank, goods: rank * 3 }))));
    app.get('/health', (c) => c.text('ok'));
    return getRequestListener(app.fetch);
  },
};
