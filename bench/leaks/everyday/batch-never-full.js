import express from 'express';
import { steady } from '../rates.js';

const BATCH = 1_000_000;

export const scenario = {
  about:
    'Messages wait as callbacks in an array until a batch is full; the size of a batch has three zeros too many.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /messages',
    constructors: [],
    sites: ['sendLater', 'messageOf'],
  },
  arrivals: [
    {
      route: 'POST /messages',
      rate: steady(16),
      body: (n) => JSON.stringify({ n, text: 'hello '.repeat(100) }),
    },
    { route: 'GET /inbox', rate: steady(20) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const waiting = [];
    const messageOf = ({ n, text }) =>
      text.split(' ').map((word, at) => ({ key: `${n}:${at}`, word, seen: false }));
    const sendLater = (message) => {
      waiting.push(() => message.map(({ word }) => word).join(' '));
      if (waiting.length >= BATCH) for (const send of waiting.splice(0)) send();
    };
    const app = express();
    app.post('/messages', express.json(), (request, response) => {
      for (let copy = 0; copy < 4; copy += 1) sendLater(messageOf(request.body));
      response.status(202).json({ waiting: waiting.length });
    });
    app.get('/inbox', (_request, response) =>
      response.json(Array.from({ length: 260 }, (_, id) => ({ id, from: `user ${id}` }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
