import { DatabaseSync } from 'node:sqlite';
import Koa from 'koa';
import { steady } from '../rates.js';

export const scenario = {
  about: 'Each visitor of the demo gets a SQLite database in memory, and keeps it after leaving.',
  minutes: 3.2,
  leak: {
    pool: 'native',
    startSeconds: 0,
    route: 'POST /demo',
    constructors: ['DatabaseSync', 'StatementSync'],
    sites: ['DatabaseSync', 'sqlite', 'demo', 'exec'],
  },
  arrivals: [
    { route: 'POST /demo', rate: steady(3.2), body: () => '{}' },
    { route: 'GET /tour', rate: steady(26) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const demos = [];
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path === '/demo') {
        const demo = new DatabaseSync(':memory:');
        demo.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)');
        const insert = demo.prepare('INSERT INTO notes (text) VALUES (?)');
        for (let note = 0; note < 500; note += 1) insert.run(`note ${note} `.repeat(30));
        demos.push(demo);
        ctx.body = { demo: demos.length };
      } else if (ctx.path === '/tour') {
        ctx.body = Array.from({ length: 250 }, (_, step) => ({ step, text: `step ${step}` }));
      } else ctx.body = 'ok';
    });
    return app.callback();
  },
};
