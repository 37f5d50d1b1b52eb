import { createServer } from 'node:http';
import { steady, tide } from '../rates.js';

const SLOTS = 700;

export const scenario = {
  about:
    'The last 700 pictures of a camera are kept: 84 MB of Buffers that fill for nearly two minutes and stay.',
  minutes: 3.6,
  leak: null,
  arrivals: [
    {
      route: 'POST /pictures',
      rate: tide(7, { swing: 0.3, periodSeconds: 50 }),
      body: (n) => Buffer.alloc(120_000, n % 250),
    },
    { route: 'GET /pictures/:slot', rate: steady(15), path: (n) => `/pictures/${n % SLOTS}` },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const ring = [];
    let taken = 0;
    return createServer(async (request, response) => {
      if (request.method === 'POST') {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        ring[taken % SLOTS] = Buffer.concat(chunks);
        taken += 1;
        response.end(String(taken));
      } else if (request.url.startsWith('/pictures/')) {
        response.end(ring[Number(request.url.slice(10))]?.subarray(0, 4_000) ?? '');
      } else response.end('ok');
    });
  },
};
