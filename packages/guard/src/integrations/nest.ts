import type { Guard } from '../guard.ts';
import { type ExpressApp, watchExpress } from './express.ts';
import { type FastifyApp, watchFastify } from './fastify.ts';
import type { IntegrationOptions } from './integration-options.ts';

export type { IntegrationOptions } from './integration-options.ts';

/** The part of a Nest 10 to 12 application that is used. */
export interface NestApp {
  getHttpAdapter(): { getType(): string; getInstance(): unknown };
}

/**
 * Watches a Nest app on Express or Fastify; give it right after `NestFactory.create`, before `listen`. Requests are
 * counted by the paths of controllers, `GET /api/orders/:id`.
 * @throws TypeError for another adapter, and as `watch` does for a wrong option.
 */
export function watchNest(app: NestApp, options: IntegrationOptions = {}): Guard {
  const adapter = app.getHttpAdapter();
  const type = adapter.getType();
  if (type === 'express') return watchExpress(adapter.getInstance() as ExpressApp, options);
  if (type === 'fastify') return watchFastify(adapter.getInstance() as FastifyApp, options);
  throw new TypeError(`watchNest knows the adapters express and fastify, not ${JSON.stringify(type)}`);
}
