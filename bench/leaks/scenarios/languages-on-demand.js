import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express from 'express';
import highlight from 'highlight.js/lib/core';
import { since, steady } from '../rates.js';

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve('highlight.js')), 'languages');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.js') && !file.endsWith('.js.js'))
  .map((file) => file.slice(0, -3));

export const scenario = {
  about:
    'A paste bin loads a grammar when a language is first seen: many at first, the odd one later, a batch at a new release.',
  minutes: 3.3,
  leak: null,
  arrivals: [
    {
      route: 'POST /pastes/:language',
      rate: steady(12),
      path: (_n, random) => `/pastes/${Math.floor(60 * random() ** 3)}`,
      body: () => 'const answer = 42;',
    },
    {
      route: 'POST /rare/:language',
      rate: since(110, steady(6)),
      path: (n) => `/rare/${60 + (n % 130)}`,
      body: () => 'let it = be',
    },
    { route: 'GET /recent', rate: steady(20) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const app = express();
    app.post(['/pastes/:language', '/rare/:language'], (request, response) => {
      const language = names[Number(request.params.language) % names.length];
      if (highlight.getLanguage(language) === undefined)
        highlight.registerLanguage(language, require(join(folder, `${language}.js`)));
      const code = 'function add(a, b) {\n  return a + b; // sum\n}\n'.repeat(12);
      response.send(highlight.highlight(code, { language }).value.slice(0, 200));
    });
    app.get('/recent', (_request, response) =>
      response.json(Array.from({ length: 240 }, (_, id) => ({ id, lines: id }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
