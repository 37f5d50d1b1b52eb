import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { steady, tide } from '../rates.js';

/** Least recently used last; whoever wrote it forgot what the bound was for. */
class RecentPages {
  #pages = new Map();

  get(address) {
    const page = this.#pages.get(address);
    if (page === undefined) return undefined;
    this.#pages.delete(address);
    this.#pages.set(address, page);
    return page;
  }

  keep(address, page) {
    this.#pages.set(address, page);
  }
}

export const scenario = {
  about:
    'Answers are cached by their whole address, a time stamp against caches included; the cache has no bound.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'GET /products',
    constructors: ['RecentPages'],
    sites: ['renderPage', 'pageOf'],
  },
  arrivals: [
    {
      route: 'GET /products',
      rate: tide(14, { swing: 0.4, periodSeconds: 50 }),
      path: (n) => `/products?page=${n % 9}&_t=${n}`,
    },
    {
      route: 'GET /banners',
      rate: tide(16, { swing: 0.4, periodSeconds: 50 }),
      path: (n) => `/banners?page=${n % 9}`,
    },
    { route: 'GET /cart', rate: tide(16, { swing: 0.4, periodSeconds: 50 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const recent = new RecentPages();
    const renderPage = (kind, rows) =>
      JSON.stringify(rows.map(({ id }) => ({ id, kind, title: `${kind} ${id}`, tags: [`tag ${id % 9}`] })));
    const rowsOf = async () => {
      await sleep(2); // the database
      return Array.from({ length: 600 }, (_, id) => ({ id }));
    };
    const pageOf = async (address, kind) => {
      const known = recent.get(address);
      if (known !== undefined) return known;
      const page = renderPage(kind, await rowsOf());
      recent.keep(address, page);
      return page;
    };
    const app = express();
    app.get('/products', async ({ url }, response) =>
      response.type('json').send(await pageOf(url, 'product')),
    );
    app.get('/banners', async ({ url }, response) => response.type('json').send(await pageOf(url, 'banner')));
    app.get('/cart', async (_request, response) => response.json(await rowsOf()));
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
