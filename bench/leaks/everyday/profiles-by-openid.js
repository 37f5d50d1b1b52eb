import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { steady } from '../rates.js';

class Profile {
  constructor(openid, row) {
    this.openid = openid;
    this.nickname = row.nickname;
    this.addresses = row.addresses;
  }
}

export const scenario = {
  about:
    'Profiles are kept in a Map by openid after each login, so that the database is asked once; nothing ever leaves it.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /login',
    constructors: ['Profile'],
    sites: ['profileOf', 'readProfile'],
  },
  arrivals: [
    { route: 'POST /login', rate: steady(14), body: (n) => JSON.stringify({ openid: `o${n}` }) },
    { route: 'GET /products', rate: steady(20) },
    { route: 'GET /me', rate: steady(16) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const profiles = new Map();
    const readProfile = async (openid) => {
      await sleep(3); // the database
      const addresses = Array.from({ length: 120 }, (_, at) => ({ at, street: `street ${at} of ${openid}` }));
      return { nickname: `user ${openid}`, addresses };
    };
    const profileOf = async (openid) => {
      const known = profiles.get(openid);
      if (known !== undefined) return known;
      const profile = new Profile(openid, await readProfile(openid));
      profiles.set(openid, profile);
      return profile;
    };
    const app = Fastify();
    app.post('/login', async ({ body }) => ({ nickname: (await profileOf(body.openid)).nickname }));
    app.get('/products', async () => Array.from({ length: 250 }, (_, id) => ({ id, price_fen: id * 10 })));
    app.get('/me', async () => {
      await sleep(2);
      return { orders: Array.from({ length: 60 }, (_, id) => ({ id, state: `paid ${id}` })) };
    });
    app.get('/health', async () => 'ok');
    await app.ready();
    return app.server;
  },
};
