import { EventEmitter } from 'eventemitter3';
import express from 'express';
import { bursts, since, steady } from '../rates.js';

export const scenario = {
  about: 'Each new order waits with once() for its payment, under a name of its own; most are never paid.',
  minutes: 3.8,
  leak: {
    pool: 'heap',
    startSeconds: 80,
    route: 'POST /orders',
    constructors: ['EE', 'EventEmitter', 'Events'],
    sites: ['once', 'paid', 'eventemitter3', 'addListener'],
  },
  arrivals: [
    {
      route: 'POST /orders',
      rate: since(80, bursts(12, { times: 4, everySeconds: 25, forSeconds: 6 })),
      body: (n) =>
        JSON.stringify({
          id: n,
          items: Array.from({ length: 220 }, (_, item) => ({ item, name: `thing ${item} of ${n}` })),
        }),
    },
    { route: 'GET /products/:id', rate: steady(28), path: (n) => `/products/${n % 500}` },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const bus = new EventEmitter();
    const app = express();
    app.post('/orders', express.json({ limit: '1mb' }), (request, response) => {
      const order = request.body;
      bus.once(`paid:${order.id}`, () => response.locals.onPaid?.(order.items));
      if (order.id % 10 === 0) bus.emit(`paid:${order.id}`);
      response.status(201).json({ id: order.id });
    });
    app.get('/products/:id', (request, response) =>
      response.json({
        id: request.params.id,
        reviews: Array.from({ length: 200 }, (_, stars) => ({ stars: stars % 5 })),
      }),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
