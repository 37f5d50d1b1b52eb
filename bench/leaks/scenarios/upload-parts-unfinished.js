import { createServer } from 'node:http';
import { bursts, steady } from '../rates.js';

export const scenario = {
  about: 'Uploads come in parts that are kept until the last one; one of five clients never sends it.',
  minutes: 3.2,
  leak: {
    pool: 'external',
    startSeconds: 0,
    route: 'PUT /uploads/:id/:part',
    constructors: ['Buffer', 'ArrayBuffer', 'FastBuffer', 'Uint8Array', 'system / JSArrayBufferData'],
    sites: ['uploads', 'concat', 'parts'],
  },
  arrivals: [
    {
      route: 'PUT /uploads/:id/:part',
      rate: bursts(8, { times: 3, everySeconds: 30, forSeconds: 6 }),
      // Four parts each; every fifth upload stops before the last.
      path: (n) => `/uploads/${n >> 2}/${n % 4 === 3 && (n >> 2) % 5 === 0 ? 0 : n % 4}`,
      body: (n) => Buffer.alloc(360_000, n % 251),
    },
    { route: 'GET /gallery', rate: steady(25) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const uploads = new Map();
    return createServer(async (request, response) => {
      const [, area, id, part] = request.url.split('/');
      if (area === 'uploads') {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        const parts = uploads.get(id) ?? [];
        parts.push(Buffer.concat(chunks));
        uploads.set(id, parts);
        if (part === '3') uploads.delete(id);
        response.end(String(parts.length));
      } else if (area === 'gallery') {
        response.end(JSON.stringify(Array.from({ length: 260 }, (_, picture) => ({ picture, width: 640 }))));
      } else response.end('ok');
    });
  },
};
