import fastify from 'fastify';
import Keyv from 'keyv';
import { steady, tide } from '../rates.js';

export const scenario = {
  about:
    'Tokens with a lifetime of five seconds in a Keyv without a store: what has expired goes only when it is read again.',
  minutes: 3.4,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /tokens',
    constructors: ['Keyv', 'Map'],
    sites: ['keyv', 'set', 'tokens'],
  },
  arrivals: [
    { route: 'POST /tokens', rate: tide(36, { swing: 0.6, periodSeconds: 120 }), body: () => '{}' },
    { route: 'GET /me', rate: tide(14, { swing: 0.6, periodSeconds: 120 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const tokens = new Keyv({ ttl: 5_000 });
    const app = fastify();
    let issued = 0;
    app.post('/tokens', async () => {
      issued += 1;
      const claims = Array.from({ length: 150 }, (_, scope) => ({
        scope: `scope:${scope}:${issued}`,
        granted: true,
      }));
      await tokens.set(`token-${issued}`, claims);
      return { token: `token-${issued}` };
    });
    app.get('/me', async () => (await tokens.get(`token-${issued}`)) ?? {});
    app.get('/health', async () => 'ok');
    await app.ready();
    return app.server;
  },
};
