import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Middleware, MiddlewareContext } from '../define/middleware.ts';
import type { RouteLog } from '../define/route.ts';
import { actorOf } from './actor-of.ts';

/**
 * Runs the app's middleware before each route that is registered after this: once it is known who calls, and before the
 * body is read. An app without any pays nothing.
 * @param logOf the log of a request, whose lines carry its id.
 */
export function useMiddleware(
  http: FastifyInstance,
  middleware: readonly Middleware[],
  logOf: (request: FastifyRequest) => RouteLog,
): void {
  if (middleware.length === 0) return;
  http.addHook('onRoute', (route) => {
    const step = async (request: FastifyRequest, reply: FastifyReply) => {
      const context = contextOf(route.url, request, reply, logOf);
      for (const run of middleware) await run(context);
    };
    route.onRequest = [...[route.onRequest ?? []].flat(), step];
  });
}

function contextOf(
  route: string,
  request: FastifyRequest,
  reply: FastifyReply,
  logOf: (request: FastifyRequest) => RouteLog,
): MiddlewareContext {
  return {
    ...{ method: request.method, route, headers: request.headers, ip: request.ip, requestId: request.id },
    path: request.url.split('?', 1)[0] ?? '',
    by: actorOf(request.identity),
    // Most requests write no line, so the log is made for those that do.
    get log() {
      return logOf(request);
    },
    setHeader: (name, value) => void reply.header(name, value),
  };
}
