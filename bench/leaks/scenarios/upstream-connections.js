import { createServer } from 'node:http';
import express from 'express';
import { Pool } from 'undici';
import { ramp, steady } from '../rates.js';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const scenario = {
  about:
    'Connections to an upstream service rise with the traffic to their bound of 60; slow answers are held in memory meanwhile.',
  minutes: 3.4,
  leak: null,
  arrivals: [
    { route: 'GET /quotes/:id', rate: ramp(6, { times: 5, overSeconds: 120 }), path: (n) => `/quotes/${n}` },
    { route: 'GET /board', rate: ramp(8, { times: 2, overSeconds: 120 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const upstream = createServer(async (_request, response) => {
      await wait(1_500);
      response.end(JSON.stringify(Array.from({ length: 2_500 }, (_, tick) => ({ tick, price: tick / 3 }))));
    });
    await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const pool = new Pool(`http://127.0.0.1:${upstream.address().port}`, { connections: 60 });
    const app = express();
    app.get('/quotes/:id', async (_request, response) => {
      const { body } = await pool.request({ path: '/', method: 'GET' });
      const quotes = await body.json();
      await wait(700);
      response.json({ quotes: quotes.length });
    });
    app.get('/board', (_request, response) =>
      response.json(Array.from({ length: 300 }, (_, row) => ({ row, up: true }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
