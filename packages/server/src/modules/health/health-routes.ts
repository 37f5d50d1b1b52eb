import { createHash, timingSafeEqual } from 'node:crypto';
import { errors } from '@maque/contract';
import type { FastifyInstance } from 'fastify';
import type { Readiness } from './readiness.ts';

export interface HealthRoutesDeps {
  readonly readiness: Readiness;
  /** Prometheus text of this process. */
  readonly metrics: () => string;
  /** Without it there is no `/metrics` here: behind a proxy every caller looks like loopback. */
  readonly metricsToken: string | undefined;
}

/** `/healthz`: this process is alive. `/readyz`: it can serve. `/metrics`: its numbers, for who has the token. */
export function registerHealthRoutes(http: FastifyInstance, deps: HealthRoutesDeps): void {
  const config = { auth: 'public' } as const;
  const schema = (summary: string) => ({ summary, tags: ['health'] });

  http.get('/healthz', { config, schema: schema('Is the process alive?') }, () => ({ status: 'ok' }));

  http.get('/readyz', { config, schema: schema('Can it serve?') }, async () => {
    await deps.readiness.check();
    return { status: 'ready' };
  });

  http.get('/metrics', { config, schema: schema('Numbers for Prometheus') }, (request, reply) => {
    const given = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    // To whoever lacks the token there is nothing here, not even a locked door.
    if (deps.metricsToken === undefined || !areEqual(given, deps.metricsToken)) throw errors.NOT_FOUND();
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(deps.metrics());
  });
}

/** Compares texts of any length in a time that depends on neither: their hashes are compared. */
function areEqual(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
