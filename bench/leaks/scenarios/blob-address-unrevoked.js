import { Blob } from 'node:buffer';
import { createServer } from 'node:http';
import { steady, tide } from '../rates.js';

export const scenario = {
  about:
    'Reports get an address by URL.createObjectURL, which keeps the whole Blob until somebody revokes it. Nobody does.',
  minutes: 3.3,
  leak: {
    pool: 'native',
    startSeconds: 0,
    route: 'POST /reports',
    constructors: ['Blob', 'ArrayBuffer'],
    sites: ['createObjectURL', 'Blob', 'reports'],
  },
  arrivals: [
    { route: 'POST /reports', rate: tide(5, { swing: 0.5, periodSeconds: 75 }), body: () => '{}' },
    { route: 'GET /reports', rate: tide(24, { swing: 0.5, periodSeconds: 75 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () =>
    createServer((request, response) => {
      if (request.method === 'POST') {
        const report = new Blob([Buffer.alloc(160_000, 'figures ')]);
        response.end(URL.createObjectURL(report));
      } else if (request.url === '/reports') {
        response.end(JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, pages: id % 12 }))));
      } else response.end('ok');
    }),
};
