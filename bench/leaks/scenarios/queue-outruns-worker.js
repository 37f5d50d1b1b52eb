import Koa from 'koa';
import PQueue from 'p-queue';
import { steady, tide } from '../rates.js';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const scenario = {
  about: 'Messages go into a p-queue without a bound, and more come than its four workers can send.',
  minutes: 3.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /messages',
    constructors: ['PQueue', 'PriorityQueue'],
    sites: ['p-queue', 'enqueue', 'add', 'messages'],
  },
  arrivals: [
    {
      route: 'POST /messages',
      rate: tide(34, { swing: 0.4, periodSeconds: 60 }),
      body: (n) => JSON.stringify({ n, text: 'hello '.repeat(20) }),
    },
    { route: 'GET /inbox', rate: tide(15, { swing: 0.4, periodSeconds: 60 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const queue = new PQueue({ concurrency: 4 });
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path === '/messages') {
        const message = Array.from({ length: 300 }, (_, reader) => ({ reader, seen: false, at: Date.now() }));
        void queue.add(async () => {
          await wait(290);
          message.length = 0;
        });
        ctx.status = 202;
      } else if (ctx.path === '/inbox') {
        ctx.body = Array.from({ length: 200 }, (_, id) => ({ id, text: `message ${id}` }));
      } else ctx.body = 'ok';
    });
    return app.callback();
  },
};
