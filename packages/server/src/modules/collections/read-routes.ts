import { limits } from '@maque/contract';
import { SECOND } from '@maque/kit';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { isFresh } from '../../http/is-fresh.ts';
import { pageSchema, recordSchema } from '../records/field-schema.ts';
import type { CachePolicy, ListCache } from './list-cache.ts';
import { listKey, rawListQuery } from './list-query.ts';
import type { RecordReader } from './record-reader.ts';
import { ID_PARAMS, idOf, JSON_TYPE } from './record-request.ts';
import { authFor } from './route-auth.ts';

/** `GET /api/{collection}` and `GET /api/{collection}/{id}`. */
export function registerReadRoutes(
  http: FastifyInstance,
  reader: RecordReader,
  cache: ListCache,
  policy: CachePolicy | undefined,
): void {
  registerList(http, reader, cache, policy);
  registerRead(http, reader);
}

function registerList(
  http: FastifyInstance,
  reader: RecordReader,
  cache: ListCache,
  policy: CachePolicy | undefined,
): void {
  const { model } = reader;
  const auth = authFor(model, 'list');
  if (auth === undefined) return;
  const cacheControl = policy === undefined ? '' : `public, max-age=${Math.floor(policy.maxAgeMs / SECOND)}`;
  const schema: FastifySchema = {
    tags: [model.name],
    summary: `List ${model.name}`,
    querystring: LIST_QUERY,
    response: { 200: pageSchema(recordSchema(model.declared.fields)) },
  };
  http.get(`/api/${model.name}`, { config: { auth }, schema }, async (request, reply) => {
    const raw = rawListQuery(request.query as Record<string, unknown>);
    const { identity } = request;
    if (policy === undefined || !reader.sharesLists(identity)) {
      return reply.type(JSON_TYPE).send(await reader.list(identity, raw));
    }
    const { body, etag } = await cache.get(model.name, listKey(raw), () => reader.list(identity, raw));
    reply.header('etag', etag).header('cache-control', cacheControl);
    if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type(JSON_TYPE).send(body);
  });
}

function registerRead(http: FastifyInstance, reader: RecordReader): void {
  const { name, declared } = reader.model;
  const auth = authFor(reader.model, 'read');
  if (auth === undefined) return;
  const schema: FastifySchema = {
    tags: [name],
    summary: `Read one of ${name}`,
    params: ID_PARAMS,
    response: { 200: recordSchema(declared.fields) },
  };
  http.get(`/api/${name}/:id`, { config: { auth }, schema }, async ({ identity, params }, reply) =>
    reply.type(JSON_TYPE).send(await reader.read(identity, idOf(params))),
  );
}

const LIST_QUERY = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: limits.pageMax, default: limits.pageDefault },
    cursor: {
      type: 'string',
      description: 'The nextCursor of the page before, for the same sort and filter',
    },
    sort: { type: 'string', description: 'Fields to order by, - before one for descending: -createdAt,name' },
    filter: {
      type: 'string',
      maxLength: limits.filterLength,
      description: 'For example: price_fen >= 1000 and (category = "tea" or name like "%盒")',
    },
    fields: { type: 'string', description: 'Fields to answer with: id,name' },
  },
  additionalProperties: false,
};
