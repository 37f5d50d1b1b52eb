import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { ramp, steady } from '../rates.js';

const compress = promisify(brotliCompress);

export const scenario = {
  about:
    'Pages are compressed with brotli, each with a window of some megabytes while it lasts; more of them as traffic grows.',
  minutes: 3.2,
  leak: null,
  arrivals: [
    { route: 'GET /pages/:id', rate: ramp(5, { times: 3, overSeconds: 150 }), path: (n) => `/pages/${n}` },
    { route: 'GET /menu', rate: ramp(12, { times: 2, overSeconds: 150 }) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () =>
    createServer(async (request, response) => {
      if (request.url.startsWith('/pages/')) {
        const text = Array.from(
          { length: 3_000 },
          (_, line) => `line ${line} of ${request.url}: ${Math.random()}`,
        ).join('\n');
        response.end(await compress(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }));
      } else if (request.url === '/menu') {
        response.end(JSON.stringify(Array.from({ length: 280 }, (_, dish) => ({ dish, price: dish * 2 }))));
      } else response.end('ok');
    }),
};
