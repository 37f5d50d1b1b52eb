import Fastify from 'fastify';
import { steady } from '../rates.js';

export const scenario = {
  about:
    'The log keeps its lines for a debug page. All routes log a little; imports log each row that they read.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /imports',
    constructors: [],
    sites: ['keepLine', 'lineOf', 'importRows'],
  },
  arrivals: [
    { route: 'POST /imports', rate: steady(7), body: (n) => JSON.stringify({ n, rows: 450 }) },
    { route: 'GET /products', rate: steady(20) },
    { route: 'GET /orders', rate: steady(14) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const lines = [];
    const lineOf = (level, text) => ({ at: new Date(), level, text: `${level}: ${text}` });
    const keepLine = (level, text) => lines.push(lineOf(level, text));
    const app = Fastify({ bodyLimit: 4_000_000 });
    app.addHook('onResponse', async ({ url }, { statusCode }) => keepLine('info', `${url} ${statusCode}`));
    // What is kept is made here as well: the text of each line.
    const importRows = async ({ body }) => {
      for (let row = 0; row < body.rows; row += 1) keepLine('debug', `import ${body.n} read row ${row}`);
      return { rows: body.rows };
    };
    app.post('/imports', importRows);
    app.get('/products', async () => Array.from({ length: 240 }, (_, id) => ({ id, price_fen: id * 9 })));
    app.get('/orders', async () => Array.from({ length: 240 }, (_, id) => ({ id, state: 'paid' })));
    app.get('/health', async () => 'ok');
    await app.ready();
    return app.server;
  },
};
