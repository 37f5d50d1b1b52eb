import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { Worker } from 'node:worker_threads';
import Koa from 'koa';
import { steady } from '../rates.js';

// On a thread of its own: the guard must not take its requests for the app's.
const MAP_SERVICE = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const map = createServer((_request, response) => response.end('{"minutes":12}'));
  map.keepAliveTimeout = 0;
  map.listen(0, '127.0.0.1', () => parentPort.postMessage(map.address().port));
`;

export const scenario = {
  about:
    'Each call of the map service makes a keep-alive agent of its own; its connection stays open, with all it holds.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'GET /route/:from',
    constructors: ['Agent', 'Socket'],
    sites: ['askMap'],
  },
  arrivals: [
    { route: 'GET /route/:from', rate: steady(9), path: (n) => `/route/${n}` },
    { route: 'GET /places', rate: steady(24) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const [port] = await once(new Worker(MAP_SERVICE, { eval: true }), 'message');
    const askMap = (from) =>
      new Promise((resolve, reject) => {
        const agent = new Agent({ keepAlive: true });
        agent.history = Array.from({ length: 200 }, (_, call) => ({ call, from: `${from}-${call}` }));
        get({ port, host: '127.0.0.1', agent, path: `/${from}` }, (answer) => {
          answer.resume().on('end', () => resolve(agent.history.length));
        }).on('error', reject);
      });
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path.startsWith('/route/')) ctx.body = { history: await askMap(ctx.path.slice(7)) };
      else if (ctx.path === '/places')
        ctx.body = Array.from({ length: 260 }, (_, id) => ({ id, name: `place ${id}` }));
      else ctx.body = 'ok';
    });
    return app.callback();
  },
};
