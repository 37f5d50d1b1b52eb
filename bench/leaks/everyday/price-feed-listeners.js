import { EventEmitter } from 'node:events';
import Koa from 'koa';
import { bursts, steady } from '../rates.js';

class PriceFeed extends EventEmitter {
  watchPrice(basket) {
    this.on('price', (id, price) => {
      const line = basket.lines.find((each) => each.id === id);
      if (line !== undefined) line.price = price;
    });
  }
}

export const scenario = {
  about:
    'Each quote listens to the shared feed of prices, to keep its basket fresh, and never stops listening.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'GET /quotes/:id',
    constructors: ['PriceFeed', 'Basket'],
    sites: ['watchPrice', 'basketOf'],
  },
  arrivals: [
    {
      route: 'GET /quotes/:id',
      rate: bursts(14, { times: 2, everySeconds: 30, forSeconds: 8 }),
      path: (n) => `/quotes/${n}`,
    },
    { route: 'GET /shelf', rate: steady(24) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const feed = new PriceFeed().setMaxListeners(0);
    const basketOf = (id) => ({
      id,
      lines: Array.from({ length: 260 }, (_, line) => ({ id: `${id}-${line}`, price: line * 3.5 })),
    });
    const app = new Koa();
    app.use(async (ctx) => {
      if (ctx.path.startsWith('/quotes/')) {
        const basket = basketOf(ctx.path.slice(8));
        feed.watchPrice(basket);
        ctx.body = { total: basket.lines.reduce((sum, { price }) => sum + price, 0) };
      } else if (ctx.path === '/shelf')
        ctx.body = Array.from({ length: 300 }, (_, id) => ({ id, left: id % 7 }));
      else ctx.body = 'ok';
    });
    return app.callback();
  },
};
