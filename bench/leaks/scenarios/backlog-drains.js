import express from 'express';
import PQueue from 'p-queue';
import { bursts, steady } from '../rates.js';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const scenario = {
  about:
    'Pushes come in bursts, wait in a queue and are sent one after the other: the backlog climbs and is gone again.',
  minutes: 3.6,
  leak: null,
  arrivals: [
    {
      route: 'POST /pushes',
      rate: bursts(5, { times: 9, everySeconds: 65, forSeconds: 22 }),
      body: () => '{}',
    },
    { route: 'GET /devices', rate: steady(18) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const queue = new PQueue({ concurrency: 5 });
    const app = express();
    app.post('/pushes', (_request, response) => {
      const targets = Array.from({ length: 400 }, (_, device) => ({
        device,
        text: `push to ${device}`,
        at: Math.random(),
      }));
      void queue.add(async () => {
        await wait(250);
        targets.length = 0;
      });
      response.sendStatus(202);
    });
    app.get('/devices', (_request, response) =>
      response.json(Array.from({ length: 260 }, (_, id) => ({ id, on: true }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
