import express from 'express';
import { steady } from '../rates.js';

export const scenario = {
  about:
    'A timer asks for exchange rates each half second and keeps every answer: no route has a part in it.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: null,
    constructors: [],
    sites: ['refreshRates', 'ratesNow'],
  },
  arrivals: [
    { route: 'GET /rates', rate: steady(20) },
    { route: 'GET /products', rate: steady(18) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const history = [];
    const ratesNow = () => Array.from({ length: 4_000 }, (_, pair) => ({ pair, rate: Math.random() }));
    const refreshRates = () => history.push(ratesNow());
    setInterval(refreshRates, 500);
    const app = express();
    app.get('/rates', (_request, response) => response.json(history.at(-1)?.slice(0, 100) ?? []));
    app.get('/products', (_request, response) =>
      response.json(Array.from({ length: 240 }, (_, id) => ({ id, price_fen: id * 11 }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
