import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import { isFresh } from '../../http/is-fresh.ts';
import { type DescribedRoute, type JsonSchema, openApiDocument } from './openapi-document.ts';

export interface OpenApiDeps {
  readonly title: string;
  readonly version: string;
}

/**
 * Serves `/openapi.json`, which describes every route under `/api` that is registered after this. It is put together
 * when somebody first asks, and kept as bytes: most servers are never asked.
 */
export function registerOpenApiRoutes(http: FastifyInstance, deps: OpenApiDeps): void {
  const routes: DescribedRoute[] = [];
  http.addHook('onRoute', (route) => {
    const method = String(route.method);
    if (route.url.startsWith('/api/') && method !== 'HEAD') routes.push(describe(route, method));
  });
  let document: { readonly bytes: Buffer; readonly etag: string } | undefined;

  http.get('/openapi.json', { config: { auth: 'public' } }, (request, reply) => {
    document ??= render(routes, deps);
    reply.headers({ etag: document.etag, 'cache-control': 'no-cache' });
    if (isFresh(request.headers['if-none-match'], document.etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(document.bytes);
  });
}

function render(routes: readonly DescribedRoute[], { title, version }: OpenApiDeps) {
  const bytes = Buffer.from(JSON.stringify(openApiDocument(routes, { title, version })));
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"` };
}

function describe(route: RouteOptions, method: string): DescribedRoute {
  const schema: FastifySchema = route.schema ?? {};
  return {
    method,
    path: route.url,
    security: securityOf(route),
    summary: schema.summary,
    tags: schema.tags ?? [],
    params: schema.params as JsonSchema | undefined,
    query: schema.querystring as JsonSchema | undefined,
    headers: schema.headers as JsonSchema | undefined,
    body: schema.body as JsonSchema | undefined,
    bodyType: schema.consumes ?? 'application/json',
    answers: (schema.response ?? {}) as Record<string, JsonSchema>,
  };
}

function securityOf({ config }: RouteOptions): DescribedRoute['security'] {
  // A route for roles is reached by whoever has one, and looks at it itself.
  if (config?.roles !== undefined) return 'required';
  const auth = config?.auth ?? 'public';
  if (auth === 'public') return 'none';
  return auth === 'optional' ? 'optional' : 'required';
}
