import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { steady } from '../rates.js';

const load = (version) =>
  new Map(
    Array.from({ length: 90_000 + 6_000 * (version % 3) }, (_, id) => [
      `sku-${id}`,
      { price: id % 900, stock: id % 40, version },
    ]),
  );

export const scenario = {
  about: 'A price list of some 10 MB is read anew every 40 s; the old one stays until the new one is there.',
  minutes: 3.4,
  leak: null,
  arrivals: [
    { route: 'GET /prices/:sku', rate: steady(30), path: (n) => `/prices/sku-${n % 90_000}` },
    { route: 'GET /basket', rate: steady(12) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    let version = 0;
    let prices = load(version);
    setInterval(() => {
      version += 1;
      prices = load(version);
    }, 40_000);
    const app = new Hono();
    app.get('/prices/:sku', (c) => c.json(prices.get(c.req.param('sku')) ?? {}));
    app.get('/basket', (c) =>
      c.json(Array.from({ length: 300 }, (_, line) => ({ line, sku: `sku-${line}` }))),
    );
    app.get('/health', (c) => c.text('ok'));
    return getRequestListener(app.fetch);
  },
};
