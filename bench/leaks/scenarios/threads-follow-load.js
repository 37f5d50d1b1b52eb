import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import Tinypool from 'tinypool';
import { ramp, steady } from '../rates.js';

export const scenario = {
  about:
    'A pool of threads grows from one to six as the load rises: a step of ten megabytes and more for each.',
  minutes: 3.4,
  leak: null,
  arrivals: [
    { route: 'POST /prints', rate: ramp(4, { times: 7, overSeconds: 140 }), body: () => '{}' },
    { route: 'GET /jobs', rate: ramp(8, { times: 3, overSeconds: 140 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const pool = new Tinypool({
      filename: fileURLToPath(new URL('../print-job.js', import.meta.url)),
      name: 'print',
      minThreads: 1,
      maxThreads: 6,
      idleTimeout: 60_000,
    });
    return createServer(async (request, response) => {
      if (request.method === 'POST') response.end(JSON.stringify(await pool.run({ pages: 200 })));
      else if (request.url === '/jobs')
        response.end(JSON.stringify(Array.from({ length: 260 }, (_, id) => ({ id, done: true }))));
      else response.end('ok');
    });
  },
};
