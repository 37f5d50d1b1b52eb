import type { Guard } from '../guard.ts';
import { type Attachment, attachOnce, type IntegrationOptions } from './integration-options.ts';
import { REFUSAL } from './refusal.ts';
import { type FollowedResponse, isUpgraded, RequestFollower } from './request-follower.ts';
import { RouteNames } from './route-names.ts';

export type { IntegrationOptions } from './integration-options.ts';

/** The part of a Fastify 5 instance that is used. */
export interface FastifyApp {
  readonly server: object;
  addHook(
    name: 'onRequest',
    hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void,
  ): unknown;
}

type PluginDone = (error?: Error) => void;

interface FastifyRequest {
  readonly method: string;
  readonly url: string;
  readonly routeOptions: { readonly url?: string | undefined };
  readonly raw: object;
}

interface FastifyReply {
  readonly raw: FollowedResponse;
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  type(contentType: string): unknown;
  send(body: string): unknown;
}

/**
 * Watches a Fastify app (5, or 4 from 4.10); give it before the first route. Requests are counted by the pattern of
 * their route, `GET /orders/:id`. Works as a plugin too: `app.register(watchFastify)`.
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function watchFastify(app: FastifyApp, options?: IntegrationOptions): Guard;
export function watchFastify(app: FastifyApp, options: IntegrationOptions, done: PluginDone): Guard | null;
export function watchFastify(
  app: FastifyApp,
  options: IntegrationOptions = {},
  done?: PluginDone,
): Guard | null {
  if (done === undefined) return attachTo(app, options);
  try {
    const guard = attachTo(app, options);
    done();
    return guard;
  } catch (error) {
    // Thrown in a plugin it would not reach whoever awaits `ready()`.
    done(error as Error);
    return null;
  }
}

// What fastify-plugin sets: hooks of this plugin are the whole app's.
Object.assign(watchFastify, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@maque/guard',
  [Symbol.for('plugin-meta')]: { name: '@maque/guard', fastify: '>=4.10' },
});

function attachTo(app: FastifyApp, options: IntegrationOptions): Guard {
  // Plugins get an instance of their own each; the server is what they share.
  return attachOnce(app.server, options, (attachment) => begin(app, attachment));
}

function begin(app: FastifyApp, { guard, shedder }: Attachment): void {
  const names = new RouteNames(guard.meter);
  const follower = new RequestFollower<null>(guard.meter, () => names.none);
  const indexOf = (request: FastifyRequest): number => {
    const { url } = request.routeOptions;
    return url === undefined ? names.none : names.indexOf(request.method, url);
  };
  app.addHook('onRequest', (request, reply, done) => {
    const isRefused = shedder?.refuses(request.url) === true;
    if (!isUpgraded(request.raw)) {
      follower.begin(reply.raw, null, isRefused ? names.shed : indexOf(request));
    }
    if (!isRefused) return done();
    reply.code(REFUSAL.status);
    reply.header('retry-after', String(shedder?.retryAfterSeconds()));
    reply.type(REFUSAL.contentType);
    reply.send(REFUSAL.body);
  });
}
