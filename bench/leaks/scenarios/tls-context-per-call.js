import { createSecureContext, rootCertificates } from 'node:tls';
import express from 'express';
import { since, steady } from '../rates.js';

export const scenario = {
  about:
    'Each call of a partner makes its own TLS context of thirty certificates, and a diary of calls keeps it.',
  minutes: 3.8,
  leak: {
    pool: 'native',
    startSeconds: 60,
    route: 'POST /partners/:id/call',
    constructors: ['SecureContext'],
    sites: ['createSecureContext', 'SecureContext', 'calls'],
  },
  arrivals: [
    {
      route: 'POST /partners/:id/call',
      rate: since(60, steady(6)),
      path: (n) => `/partners/${n % 30}/call`,
      body: () => '{}',
    },
    { route: 'GET /partners', rate: steady(24) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const calls = [];
    const ca = rootCertificates.slice(0, 30);
    const app = express();
    app.post('/partners/:id/call', (request, response) => {
      calls.push({ partner: request.params.id, context: createSecureContext({ ca }) });
      response.json({ calls: calls.length });
    });
    app.get('/partners', (_request, response) =>
      response.json(Array.from({ length: 240 }, (_, id) => ({ id, open: true }))),
    );
    app.get('/health', (_request, response) => response.send('ok'));
    return app;
  },
};
