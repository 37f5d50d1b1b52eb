import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { steady } from '../rates.js';

class TraceContext {
  constructor(id) {
    this.id = id;
    this.spans = [];
  }

  span(name) {
    this.spans.push({ name, at: performance.now(), of: `${this.id}/${this.spans.length}` });
  }
}

export const scenario = {
  about:
    'A tracer keeps the context of each request until it is closed; an early return leaves refunds open.',
  minutes: 2.2,
  leak: {
    pool: 'heap',
    startSeconds: 0,
    route: 'POST /refunds',
    constructors: ['TraceContext'],
    // V8 inlines span() into the callback of rows(), and counts what it allocates there.
    sites: ['span', 'TraceContext', 'rows'],
  },
  arrivals: [
    { route: 'POST /refunds', rate: steady(12), body: () => '{}' },
    { route: 'GET /orders', rate: steady(20) },
    { route: 'GET /users', rate: steady(14) },
    { route: 'GET /health', rate: steady(1) },
  ],
  serve: () => {
    const storage = new AsyncLocalStorage();
    const open = new Map();
    let last = 0;
    const traced = async (work) => {
      last += 1;
      const context = new TraceContext(`trace ${last}`);
      open.set(context.id, context);
      const answer = await storage.run(context, work);
      if (answer.early) return answer.body;
      open.delete(context.id);
      return answer.body;
    };
    const rows = async (count) => {
      await sleep(2); // the database
      return Array.from({ length: count }, (_, id) => {
        storage.getStore().span(`row ${id}`);
        return { id };
      });
    };
    return createServer(async (request, response) => {
      if (request.url === '/refunds') {
        request.resume();
        const body = await traced(async () => ({ early: true, body: await rows(260) }));
        response.end(JSON.stringify({ rows: body.length }));
      } else if (request.url === '/orders' || request.url === '/users') {
        response.end(JSON.stringify(await traced(async () => ({ early: false, body: await rows(260) }))));
      } else response.end('ok');
    });
  },
};
