import { limits } from '@maque/contract';
import type { CodedError } from '@maque/kit';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { networkOf } from './network-of.ts';
import type { LimitedKind, RateLimiter } from './rate-limiter.ts';

/** Who a request counts for. */
interface Caller {
  readonly kind: LimitedKind;
  readonly name: string;
}

type CallerOf = (request: FastifyRequest) => Caller | undefined;
type Take = (request: FastifyRequest) => CodedError | undefined;

/**
 * Counts the requests of each route that clients call, once it is known who calls: of a user by their id, of anybody else
 * by address, so that a thousand users behind one carrier's address do not share a limit. To be called before the
 * routes are registered.
 */
export function limitRequests(http: FastifyInstance, limiter: RateLimiter): void {
  http.addHook('onRoute', (route) => {
    const callerOf = callerOfRoute(route, limiter);
    if (callerOf === undefined) return;
    const take: Take = (request) => {
      const caller = callerOf(request);
      return caller && limiter.take(caller.kind, caller.name);
    };
    route.onRequest = [...[route.onRequest ?? []].flat(), (request, _reply, done) => done(take(request))];
    if (route.url !== '/api/batch') return;
    // What it is of is known once it was read; then it costs what its operations had cost one by one.
    const takeMore: Take = (request) => {
      const [caller, more] = [callerOf(request), operationsIn(request.body) - 1];
      return caller && more > 0 ? limiter.takeMore(caller.kind, caller.name, more) : undefined;
    };
    route.preHandler = [
      (request, _reply, done) => done(takeMore(request)),
      ...[route.preHandler ?? []].flat(),
    ];
  });
}

/** WeChat and the payment network call as often as they must, staff as often as they like, and probes are cheap. */
function callerOfRoute({ url, method }: RouteOptions, limiter: RateLimiter): CallerOf | undefined {
  if (!url.startsWith('/api/') || /^\/api\/(admin|wechat)\//.test(url)) return undefined;
  if (url.startsWith('/api/login/')) {
    return limiter.counts('login') ? (request) => networkCaller('login', request) : undefined;
  }
  if (url === '/api/me/export') return (request) => userCaller('export', request);
  if (url === '/api/me/phone' && method === 'POST') return (request) => userCaller('phone', request);
  if (!limiter.counts('user') && !limiter.counts('ip')) return undefined;
  return (request) =>
    request.identity.kind === 'anonymous' ? networkCaller('ip', request) : userCaller('user', request);
}

function userCaller(kind: LimitedKind, { identity }: FastifyRequest): Caller | undefined {
  return identity.kind === 'user' ? { kind, name: identity.userId } : undefined;
}

function networkCaller(kind: LimitedKind, { ip }: FastifyRequest): Caller | undefined {
  const network = networkOf(ip);
  return network === undefined ? undefined : { kind, name: network };
}

function operationsIn(body: unknown): number {
  const { operations } = (body ?? {}) as { readonly operations?: unknown };
  return Array.isArray(operations) ? Math.min(operations.length, limits.batchOperations) : 0;
}
