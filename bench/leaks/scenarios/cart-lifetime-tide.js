import { TTLCache } from '@isaacs/ttlcache';
import express from 'express';
import { steady, tide } from '../rates.js';

export const scenario = {
  about: 'Carts live for 50 s after they were made, in a cache that drops them then; visitors come in waves.',
  minutes: 4,
  leak: null,
  arrivals: [
    {
      route: 'POST /carts',
      rate: tide(24, { swing: 0.8, periodSeconds: 150, phase: -0.25 }),
      body: () => '{}',
    },
    { route: 'GET /offers', rate: tide(18, { swing: 0.8, periodSeconds: 150, phase: -0.25 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const carts = new TTLCache({ ttl: 50_000, max: 10_000 });
    let made = 0;
    const app = express();
    app.post('/carts', (_request, response) => {
      made += 1;
      carts.set(
        made,
        Array.from({ length: 130 }, (_, line) => ({ line, note: `line ${line} of cart ${made}` })),
      );
      response.status(201).json({ cart: made });
    });
    app.get('/offers', (_request, response) =>
      response.json(Array.from({ length: 260 }, (_, id) => ({ id, off: id % 30 }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
