import axios from 'axios';
import express from 'express';
import { since, steady, tide } from '../rates.js';

export const scenario = {
  about:
    'Each call of the partner adds an interceptor to the shared axios instance, to stamp its trace on it. New release.',
  minutes: 3.6,
  leak: {
    pool: 'heap',
    startSeconds: 60,
    route: 'POST /orders/:id/pay',
    constructors: ['InterceptorManager', 'Axios'],
    sites: ['axios', 'interceptors', 'use'],
  },
  arrivals: [
    {
      route: 'POST /orders/:id/pay',
      rate: since(60, tide(9, { swing: 0.5, periodSeconds: 70 })),
      path: (n) => `/orders/${n}/pay`,
      body: (n) =>
        JSON.stringify({
          id: n,
          lines: Array.from({ length: 320 }, (_, line) => ({ line, sku: `sku-${n}-${line}`, quantity: 1 })),
        }),
    },
    { route: 'GET /orders', rate: tide(20, { swing: 0.5, periodSeconds: 70 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const partner = axios.create({
      adapter: async (config) => ({
        data: { paid: true },
        status: 200,
        statusText: 'OK',
        headers: {},
        config,
      }),
    });
    const app = express();
    app.post('/orders/:id/pay', express.json({ limit: '1mb' }), async (request, response) => {
      partner.interceptors.request.use((config) => {
        config.headers.set('x-trace', String(request.body.id));
        return config;
      });
      const { data } = await partner.post('/pay', { lines: request.body.lines.length });
      response.json(data);
    });
    app.get('/orders', (_request, response) =>
      response.json(Array.from({ length: 250 }, (_, id) => ({ id, total: id * 7 }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
