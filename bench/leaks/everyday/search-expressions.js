import Koa from 'koa';
import { steady } from '../rates.js';

export const scenario = {
  about:
    'Regular expressions and a compiled page are cached by what was searched for, which people type afresh.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'GET /search',
    constructors: ['RegExp'],
    // V8 compiles an expression when it is first used: most of what stays is allocated there.
    sites: ['expressionsOf', 'compileFilter', 'matches'],
  },
  arrivals: [
    { route: 'GET /search', rate: steady(14), path: (n) => `/search?q=word${n}+number` },
    { route: 'GET /suggest', rate: steady(24), path: (n) => `/suggest?q=w${n % 50}` },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const known = new Map();
    const expressionsOf = (words) =>
      Array.from({ length: 24 }, (_, field) => new RegExp(`^field${field}=(?:${words.join('|')})\\b`, 'iu'));
    const compileFilter = (query) => {
      const found = known.get(query);
      if (found !== undefined) return found;
      const expressions = expressionsOf(query.split('+'));
      const matches = (text) => expressions.some((expression) => expression.test(text));
      known.set(query, matches);
      return matches;
    };
    const titles = Array.from({ length: 40 }, (_, id) => `field${id}=word${id} of the shop`);
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path === '/search') ctx.body = titles.filter(compileFilter(ctx.query.q));
      else if (ctx.path === '/suggest')
        ctx.body = Array.from({ length: 240 }, (_, id) => ({ id, q: ctx.query.q }));
      else ctx.body = 'ok';
    });
    return app.callback();
  },
};
