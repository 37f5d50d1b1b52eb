import express from 'express';
import jpeg from 'jpeg-js';
import { since, steady, tide } from '../rates.js';

const pixels = Buffer.alloc(96 * 96 * 4, 130);
for (let index = 0; index < pixels.length; index += 3) pixels[index] = (index * 7919) % 256;

export const scenario = {
  about: 'Thumbnails are cached by the whole address, and a new app version puts a fresh number into each.',
  minutes: 3.7,
  leak: {
    pool: 'external',
    startSeconds: 70,
    route: 'GET /thumbnails/:id',
    constructors: ['Buffer', 'ArrayBuffer', 'FastBuffer', 'Uint8Array', 'system / JSArrayBufferData'],
    sites: ['thumbnails', 'jpeg', 'encode', 'thumbnailOf'],
  },
  arrivals: [
    {
      route: 'GET /thumbnails/:id',
      rate: since(70, tide(14, { swing: 0.4, periodSeconds: 80 })),
      path: (n) => `/thumbnails/${n % 200}?v=${n}`,
    },
    { route: 'GET /albums', rate: tide(22, { swing: 0.4, periodSeconds: 80 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const thumbnails = new Map();
    const thumbnailOf = () => {
      const { data } = jpeg.encode({ width: 96, height: 96, data: pixels }, 90);
      return Buffer.concat([data, Buffer.alloc(50_000)]);
    };
    const app = express();
    app.get('/thumbnails/:id', (request, response) => {
      const thumbnail = thumbnails.get(request.url) ?? thumbnailOf();
      thumbnails.set(request.url, thumbnail);
      response.type('jpeg').send(thumbnail.subarray(0, 2_000));
    });
    app.get('/albums', (_request, response) =>
      response.json(Array.from({ length: 240 }, (_, id) => ({ id, pictures: id % 40 }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
