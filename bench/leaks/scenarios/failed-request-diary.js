import { createServer } from 'node:http';
import { ramp, since, steady } from '../rates.js';

class RouteFailure extends Error {
  constructor(request, rows) {
    super(`no seat for ${request.url}`);
    this.request = request;
    this.rows = rows;
  }
}

export const scenario = {
  about:
    'Failures are kept by their message for a status page; the message holds the address, and the error its request.',
  minutes: 3.4,
  leak: {
    pool: 'heap',
    startSeconds: 40,
    route: 'GET /seats/:id',
    constructors: ['RouteFailure', 'IncomingMessage'],
    sites: ['RouteFailure', 'failures', 'seats'],
  },
  arrivals: [
    {
      route: 'GET /seats/:id',
      rate: since(40, ramp(10, { times: 3, overSeconds: 150 })),
      path: (n) => `/seats/${n}`,
    },
    { route: 'GET /plan', rate: steady(20) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const failures = new Map();
    return createServer((request, response) => {
      if (request.url.startsWith('/seats/')) {
        const rows = Array.from({ length: 150 }, (_, row) => ({ row, taken: true, by: `guest ${row}` }));
        const failure = new RouteFailure(request, rows);
        failures.set(failure.message, failure);
        response.writeHead(409).end(failure.message);
      } else if (request.url === '/plan') {
        response.end(JSON.stringify(Array.from({ length: 400 }, (_, seat) => ({ seat, row: seat % 20 }))));
      } else response.end('ok');
    });
  },
};
