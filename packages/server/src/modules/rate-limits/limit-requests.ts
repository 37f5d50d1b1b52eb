import type { CodedError } from '@maque/kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { networkOf } from './network-of.ts';
import type { RateLimiter } from './rate-limiter.ts';

type Take = (request: FastifyRequest) => CodedError | undefined;

/**
 * Counts the requests of each route that clients call, once it is known who calls: of a user by their id, of anybody else
 * by address, so that a thousand users behind one carrier's address do not share a limit. To be called before the
 * routes are registered.
 */
export function limitRequests(http: FastifyInstance, limiter: RateLimiter): void {
  http.addHook('onRoute', (route) => {
    const take = takerOf(route.url, limiter);
    if (take === undefined) return;
    route.onRequest = [...[route.onRequest ?? []].flat(), (request, _reply, done) => done(take(request))];
  });
}

/** WeChat and the payment network call as often as they must, staff as often as they like, and probes are cheap. */
function takerOf(url: string, limiter: RateLimiter): Take | undefined {
  if (!url.startsWith('/api/') || /^\/api\/(admin|wechat)\//.test(url)) return undefined;
  if (url.startsWith('/api/login/')) {
    return limiter.counts('login') ? (request) => takeByAddress(limiter, 'login', request) : undefined;
  }
  if (url === '/api/me/export') {
    return ({ identity }) => (identity.kind === 'user' ? limiter.take('export', identity.userId) : undefined);
  }
  if (!limiter.counts('user') && !limiter.counts('ip')) return undefined;
  return (request) => {
    const { identity } = request;
    if (identity.kind === 'user') return limiter.take('user', identity.userId);
    return identity.kind === 'anonymous' ? takeByAddress(limiter, 'ip', request) : undefined;
  };
}

function takeByAddress(
  limiter: RateLimiter,
  kind: 'ip' | 'login',
  request: FastifyRequest,
): CodedError | undefined {
  const network = networkOf(request.ip);
  return network === undefined ? undefined : limiter.take(kind, network);
}
