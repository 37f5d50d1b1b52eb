import { Eta } from 'eta';
import express from 'express';
import { ramp, steady } from '../rates.js';

export const scenario = {
  about:
    'Each mail loads its text into eta as a template with a name of its own: compiled, and cached for ever.',
  minutes: 3.3,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /mails',
    constructors: ['Cacher', 'Eta', 'anonymous'],
    sites: ['eta', 'loadTemplate', 'compile', 'mails'],
  },
  arrivals: [
    {
      route: 'POST /mails',
      rate: ramp(16, { times: 2, overSeconds: 160 }),
      body: (n) => JSON.stringify({ n }),
    },
    { route: 'GET /mails', rate: ramp(10, { times: 2, overSeconds: 160 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const eta = new Eta();
    const lines = Array.from(
      { length: 60 },
      (_, line) => `<p>line ${line}: <%= it.name %> paid <%= it.sums[${line}] %></p>`,
    );
    const app = express();
    app.post('/mails', express.json(), (request, response) => {
      const name = `@mail-${request.body.n}`;
      eta.loadTemplate(name, `<h1>No. ${request.body.n}</h1>${lines.join('\n')}`);
      response.send(eta.render(name, { name: 'Wang', sums: lines.map((_, sum) => sum) }));
    });
    app.get('/mails', (_request, response) =>
      response.json(Array.from({ length: 300 }, (_, id) => ({ id, read: false }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
