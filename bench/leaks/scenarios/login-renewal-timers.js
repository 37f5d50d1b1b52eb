import { AsyncLocalStorage } from 'node:async_hooks';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { bursts, steady } from '../rates.js';

class LoginContext {
  constructor(user) {
    this.user = user;
    this.rights = Array.from({ length: 170 }, (_, right) => ({
      right,
      from: `group ${right % 9} of ${user}`,
    }));
  }
}

export const scenario = {
  about:
    'Each login starts a timer that renews itself for ever; the asynchronous context of the request goes with it.',
  minutes: 3.3,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /login',
    constructors: ['LoginContext', 'Timeout'],
    sites: ['LoginContext', 'renew', 'setTimeout', 'login'],
  },
  arrivals: [
    {
      route: 'POST /login',
      rate: bursts(13, { times: 3, everySeconds: 40, forSeconds: 8 }),
      body: (n) => JSON.stringify({ user: `u${n}` }),
    },
    { route: 'GET /home', rate: bursts(14, { times: 3, everySeconds: 40, forSeconds: 8 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const context = new AsyncLocalStorage();
    const renew = () => setTimeout(renew, 4_000);
    const app = new Hono();
    app.post('/login', async (c) => {
      const { user } = await c.req.json();
      return context.run(new LoginContext(user), () => {
        renew();
        return c.json({ user: context.getStore().user });
      });
    });
    app.get('/home', (c) => c.json(Array.from({ length: 260 }, (_, id) => ({ id, news: `news ${id}` }))));
    app.get('/health', (c) => c.text('ok'));
    return getRequestListener(app.fetch);
  },
};
