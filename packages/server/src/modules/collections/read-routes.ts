import { errors, limits } from '@maque/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { BodyMemory } from '../../http/body-memory.ts';
import type { TrackedRequest } from '../../http/exchange.ts';
import { isFresh } from '../../http/is-fresh.ts';
import type { RouteAuth } from '../../ports/identity.ts';
import { pageSchema, recordSchema } from '../records/field-schema.ts';
import type { Call } from './hook-context.ts';
import { listKey, rawListQuery } from './list-query.ts';
import type { CachedAnswer } from './read-cache.ts';
import type { RecordReader } from './record-reader.ts';
import { ID_PARAMS, idOf, JSON_TYPE } from './record-request.ts';
import { authFor } from './route-auth.ts';
import type { SharedAnswers } from './shared-answers.ts';

export interface ReadRouteDeps {
  /** Undefined where nothing is kept. */
  readonly shared: SharedAnswers | undefined;
  readonly bodies: Pick<BodyMemory, 'admitAnswer'>;
  readonly callOf: (request: FastifyRequest) => Call;
}

/** `GET /api/{collection}` and `GET /api/{collection}/{id}`. */
export function registerReadRoutes(http: FastifyInstance, reader: RecordReader, deps: ReadRouteDeps): void {
  registerList(http, reader, deps);
  registerRead(http, reader, deps);
}

function registerList(http: FastifyInstance, reader: RecordReader, deps: ReadRouteDeps): void {
  const { shared, callOf } = deps;
  const { model } = reader;
  const auth = authFor(model, 'list');
  if (auth === undefined) return;
  const schema: FastifySchema = {
    tags: [model.name],
    summary: `List ${model.name}`,
    querystring: LIST_QUERY,
    response: { 200: pageSchema(recordSchema(model.declared)) },
  };
  http.get(`/api/${model.name}`, { config: { auth }, schema }, async (request, reply) => {
    const raw = rawListQuery(request.query as Record<string, unknown>);
    const call = callOf(request);
    if (shared?.serves('list', call.identity, raw) === true)
      return sendShared(request, reply, auth, await shared.list(call, raw, listKey(raw)));
    markOwn(reply, auth);
    const text = await reader.list(call, raw);
    admitAnswer(request, text, deps);
    return reply.type(JSON_TYPE).send(text);
  });
}

function registerRead(http: FastifyInstance, reader: RecordReader, deps: ReadRouteDeps): void {
  const { shared, callOf } = deps;
  const { name, declared } = reader.model;
  const auth = authFor(reader.model, 'read');
  if (auth === undefined) return;
  const schema: FastifySchema = {
    tags: [name],
    summary: `Read one of ${name}`,
    params: ID_PARAMS,
    querystring: READ_QUERY,
    response: { 200: recordSchema(declared) },
  };
  http.get(`/api/${name}/:id`, { config: { auth }, schema }, async (request, reply) => {
    const raw = rawListQuery(request.query as Record<string, unknown>, ['fields', 'expand']);
    const call = callOf(request);
    const id = idOf(request.params);
    const isShared = shared?.serves('read', call.identity, raw) === true;
    if (isShared && shared.keepsRecords)
      return sendShared(request, reply, auth, await shared.read(call, id, raw));
    const { text, etag } = isShared
      ? await shared.readFresh(call, id, raw)
      : await reader.read(call, id, raw);
    markOwn(reply, auth);
    const isKnown = isFresh(request.headers['if-none-match'], etag);
    if (!isKnown) admitAnswer(request, text, deps);
    reply.header('etag', etag);
    if (isKnown) return reply.code(304).send();
    return reply.type(JSON_TYPE).send(text);
  });
}

/** What may be this caller's alone is nothing for caches on the way, also for those that keep what says nothing. */
function markOwn(reply: FastifyReply, auth: RouteAuth): void {
  if (auth !== 'public') reply.header('cache-control', 'private, no-cache');
}

function sendShared(
  request: FastifyRequest,
  reply: FastifyReply,
  auth: RouteAuth,
  { body, etag, cacheControl }: CachedAnswer,
): FastifyReply {
  // Others may be answered something else at the same address.
  if (auth !== 'public') reply.header('vary', 'authorization');
  reply.header('etag', etag).header('cache-control', cacheControl);
  if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type(JSON_TYPE).send(body);
}

/**
 * Of an answer that is one caller's own: what is kept for all is in memory once.
 * @throws CodedError OVERLOADED when too much waits to be read by clients.
 */
function admitAnswer(request: FastifyRequest, text: string, { bodies }: ReadRouteDeps): void {
  if (!bodies.admitAnswer(request.raw as TrackedRequest, text))
    throw errors.OVERLOADED({ retryAfterSeconds: 1 });
}

const FIELDS = { type: 'string', description: 'Fields to answer with: id,name' };
const EXPAND = {
  type: 'string',
  description: 'Relations whose records come along in `expanded`, two deep: category.parent,tags',
};
const READ_QUERY = {
  type: 'object',
  properties: { fields: FIELDS, expand: EXPAND },
  additionalProperties: false,
};
const LIST_QUERY = {
  type: 'object',
  properties: {
    limit: {
      ...{ type: 'integer', minimum: 1, maximum: limits.pageMax, default: limits.pageDefault },
      description: 'Records of a page at most; it has fewer where they are long, and goes on with nextCursor',
    },
    cursor: {
      type: 'string',
      description: 'The nextCursor of the page before, for the same sort, filter, search and near',
    },
    sort: { type: 'string', description: 'Fields to order by, - before one for descending: -createdAt,name' },
    filter: {
      type: 'string',
      maxLength: limits.filterLength,
      description: 'For example: price_fen >= 1000 and (category.name = "tea" or name like "%盒")',
    },
    fields: FIELDS,
    expand: EXPAND,
    search: {
      type: 'string',
      maxLength: limits.searchLength,
      description: 'Words to look for; the best first unless sort is given',
    },
    near: {
      type: 'string',
      description: 'field,lat,lng,meters: what is in this circle, the nearest first unless sort is given',
    },
    count: {
      type: 'boolean',
      description: `Whether to answer total, which counts up to ${limits.countMax}`,
    },
  },
  additionalProperties: false,
};
