import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { steady } from '../rates.js';

export const scenario = {
  about: 'A schema is made for each form that is sent, and named in zod’s global registry: it stays there.',
  minutes: 3.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /forms',
    constructors: ['ZodObject', 'ZodString', '$ZodRegistry', 'ZodNumber', 'ZodOptional'],
    sites: ['zod', 'meta', 'register', 'schemaOf'],
  },
  arrivals: [
    { route: 'POST /forms', rate: steady(19), body: (n) => JSON.stringify({ form: n, name: 'Li', age: 30 }) },
    { route: 'GET /forms', rate: steady(25) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const schemaOf = (form) =>
      z
        .object({
          form: z.number(),
          name: z.string().min(1),
          age: z.number().int(),
          note: z.string().optional(),
        })
        .meta({ id: `form-${form}` });
    const app = new Hono();
    app.post('/forms', async (c) => {
      const sent = await c.req.json();
      return c.json({ ok: schemaOf(sent.form).safeParse(sent).success });
    });
    app.get('/forms', (c) =>
      c.json(Array.from({ length: 250 }, (_, form) => ({ form, open: form % 3 === 0 }))),
    );
    app.get('/health', (c) => c.text('ok'));
    return getRequestListener(app.fetch);
  },
};
