import Koa from 'koa';
import { since, steady } from '../rates.js';

export const scenario = {
  about: 'Each export listens to the one signal that says the process shall end, and never stops listening.',
  minutes: 4,
  leak: {
    pool: 'heap',
    startSeconds: 100,
    route: 'GET /export/:id',
    constructors: ['Listener', 'AbortSignal', 'ResponseState'],
    sites: ['addEventListener', 'abort', 'shutdown', 'export'],
  },
  arrivals: [
    { route: 'GET /export/:id', rate: since(100, steady(20)), path: (n) => `/export/${n}` },
    { route: 'GET /list', rate: steady(24) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const shutdown = new AbortController();
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path.startsWith('/export/')) {
        const rows = Array.from({ length: 240 }, (_, row) => [
          row,
          `cell ${row} of ${ctx.path}`,
          Math.random(),
        ]);
        shutdown.signal.addEventListener('abort', () =>
          ctx.res.destroy(new Error(`${rows.length} rows are lost`)),
        );
        ctx.body = rows.slice(0, 3);
      } else if (ctx.path === '/list') {
        ctx.body = Array.from({ length: 300 }, (_, id) => ({ id, name: `export ${id}` }));
      } else ctx.body = 'ok';
    });
    return app.callback();
  },
};
