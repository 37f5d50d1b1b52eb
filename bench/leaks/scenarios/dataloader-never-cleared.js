import { getRequestListener } from '@hono/node-server';
import DataLoader from 'dataloader';
import { Hono } from 'hono';
import { steady } from '../rates.js';

const profileOf = (id) => ({
  id,
  posts: Array.from({ length: 60 }, (_, index) => ({
    index,
    title: `post ${index} of ${id}`,
    likes: index * 3,
  })),
});

export const scenario = {
  about:
    'One DataLoader for the whole process instead of one a request: it remembers each user ever asked for.',
  minutes: 3.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'GET /feed/:user',
    constructors: ['DataLoader', 'Promise'],
    sites: ['dataloader', 'load', 'profileOf'],
  },
  arrivals: [
    { route: 'GET /feed/:user', rate: steady(34), path: (n) => `/feed/u${n}` },
    { route: 'GET /trending', rate: steady(12) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const profiles = new DataLoader(async (ids) => ids.map(profileOf));
    const app = new Hono();
    app.get('/feed/:user', async (c) => c.json((await profiles.load(c.req.param('user'))).posts.slice(0, 5)));
    app.get('/trending', (c) =>
      c.json(Array.from({ length: 300 }, (_, rank) => ({ rank, score: 1 / (rank + 1) }))),
    );
    app.get('/health', (c) => c.text('ok'));
    return getRequestListener(app.fetch);
  },
};
