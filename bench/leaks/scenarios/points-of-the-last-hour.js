import Koa from 'koa';
import { steady } from '../rates.js';

const CAPACITY = 300_000;

export const scenario = {
  about:
    'Figures of each request go into a bounded list of 300,000 points: it fills evenly for about 110 s, then turns round.',
  minutes: 3.6,
  leak: null,
  arrivals: [
    { route: 'POST /measure', rate: steady(28), body: () => '{}' },
    { route: 'GET /chart', rate: steady(10) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const points = [];
    let written = 0;
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path === '/measure') {
        for (let series = 0; series < 100; series += 1) {
          points[written % CAPACITY] = { series, at: Date.now(), value: Math.random() };
          written += 1;
        }
        ctx.status = 204;
      } else if (ctx.path === '/chart') ctx.body = points.slice(0, 200);
      else ctx.body = 'ok';
    });
    return app.callback();
  },
};
