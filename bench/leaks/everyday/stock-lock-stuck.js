import { EventEmitter, once } from 'node:events';
import express from 'express';
import { steady } from '../rates.js';

export const scenario = {
  about:
    'Reservations run one after the other in a chain of promises; one that never settles holds up all later ones.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 15,
    route: 'POST /reservations',
    constructors: ['PromiseReaction', 'Promise'],
    sites: ['oneByOne', 'planOf'],
  },
  arrivals: [
    { route: 'POST /reservations', rate: steady(13), body: (n) => JSON.stringify({ n }) },
    { route: 'GET /stock', rate: steady(24) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const startedAt = performance.now();
    let last = Promise.resolve();
    const oneByOne = (work) => {
      last = last.then(work);
      return last;
    };
    const planOf = (n) => Array.from({ length: 240 }, (_, step) => ({ step, shelf: `shelf ${n}-${step}` }));
    const warehouse = new EventEmitter();
    // From then on it waits for an answer that was lost.
    const reserve = async (plan) => {
      if (performance.now() - startedAt > 15_000) await once(warehouse, 'reserved');
      return plan.length;
    };
    const app = express();
    app.post('/reservations', express.json(), (request, response) => {
      const plan = planOf(request.body.n);
      // The answer does not wait for it.
      oneByOne(() => reserve(plan));
      response.status(202).json({ steps: plan.length });
    });
    app.get('/stock', (_request, response) =>
      response.json(Array.from({ length: 260 }, (_, id) => ({ id, left: id % 30 }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
