import fastify from 'fastify';
import { ramp, steady } from '../rates.js';

const KEPT_MS = 60_000;

export const scenario = {
  about: 'Ids of messages are remembered for a minute to drop what comes twice, while the traffic doubles.',
  minutes: 4,
  leak: null,
  arrivals: [
    {
      route: 'POST /messages',
      rate: ramp(20, { times: 2, overSeconds: 130 }),
      body: (n) => JSON.stringify({ id: n }),
    },
    { route: 'GET /rooms', rate: steady(14) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: async () => {
    const seen = new Map();
    const app = fastify();
    app.post('/messages', async (request) => {
      const { id } = request.body;
      const twice = seen.has(id);
      seen.set(id, {
        at: Date.now(),
        copies: Array.from({ length: 250 }, (_, reader) => ({ reader, read: false })),
      });
      setTimeout(() => seen.delete(id), KEPT_MS);
      return { twice };
    });
    app.get('/rooms', async () => Array.from({ length: 280 }, (_, room) => ({ room, people: room % 9 })));
    app.get('/health', async () => 'ok');
    await app.ready();
    return app.server;
  },
};
