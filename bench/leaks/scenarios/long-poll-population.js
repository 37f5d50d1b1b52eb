import express from 'express';
import { steady } from '../rates.js';

export const scenario = {
  about:
    'Waiters of a lottery hold a request open, each with its own state; more and more until the draw, then fewer.',
  minutes: 3.7,
  leak: null,
  arrivals: [
    { route: 'GET /rules', rate: steady(20) },
    { route: 'GET /health', rate: steady(1) },
  ],
  populations: [
    { route: 'GET /wait', size: (second) => 60 + 900 * Math.max(0, Math.sin((Math.PI * second) / 200)) },
  ],
  serve: () => {
    const waiting = new Set();
    const app = express();
    app.get('/wait', (request, response) => {
      const waiter = {
        response,
        numbers: Array.from({ length: 700 }, (_, number) => ({ number, drawn: false })),
      };
      waiting.add(waiter);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: wait\n\n');
      request.on('close', () => waiting.delete(waiter));
    });
    app.get('/rules', (_request, response) =>
      response.json(Array.from({ length: 280 }, (_, rule) => ({ rule, text: `rule ${rule}` }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
