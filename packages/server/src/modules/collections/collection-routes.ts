import { limits } from '@maque/contract';
import { parseDuration, SECOND } from '@maque/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { AnyRule, Operation } from '../../define/rules.ts';
import { isFresh } from '../../http/is-fresh.ts';
import type { RouteAuth } from '../../ports/identity.ts';
import type { KeyValue } from '../../ports/key-value.ts';
import type { MessageBus } from '../../ports/message-bus.ts';
import { inputSchema, pageSchema, recordSchema } from '../records/field-schema.ts';
import type { RecordModel } from '../records/record-model.ts';
import type { Records } from '../records/records.ts';
import { callerFieldsOf } from './access.ts';
import { CollectionService } from './collection-service.ts';
import { CursorSigner } from './cursor-signer.ts';
import { type CachePolicy, ListCache } from './list-cache.ts';
import { listKey, rawListQuery } from './list-query.ts';

export interface CollectionRoutesDeps {
  readonly records: Records;
  readonly keyValue: KeyValue;
  readonly bus: MessageBus;
  /** Secret, of at least 32 bytes, the same in every worker and after a restart: cursors are signed with it. */
  readonly cursorKey: Uint8Array;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const ID_PARAMS = { type: 'object', properties: { id: { type: 'string', maxLength: 40 } }, required: ['id'] };

/** Serves every collection as far as its rules let anybody in. */
export function registerCollectionRoutes(http: FastifyInstance, deps: CollectionRoutesDeps): void {
  const { records } = deps;
  const signer = new CursorSigner(deps.cursorKey);
  const policies = new Map<string, CachePolicy>();
  for (const model of records.models) {
    const policy = cachePolicyOf(model);
    if (policy !== undefined) policies.set(model.name, policy);
  }
  const cache = new ListCache(deps.keyValue, deps.bus, policies);
  records.onChange((change) => cache.changed(change));
  for (const model of records.models) {
    const service = new CollectionService(model, records, signer);
    registerList(http, service, cache, policies.get(model.name));
    registerRecords(http, service);
  }
}

function registerList(
  http: FastifyInstance,
  service: CollectionService,
  cache: ListCache,
  policy: CachePolicy | undefined,
): void {
  const { model } = service;
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
    if (policy === undefined || !service.sharesLists(identity.kind)) {
      return reply.type(JSON_TYPE).send(await service.list(identity, raw));
    }
    const { body, etag } = await cache.get(model.name, listKey(raw), () => service.list(identity, raw));
    reply.header('etag', etag).header('cache-control', cacheControl);
    if (isFresh(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.type(JSON_TYPE).send(body);
  });
}

function registerRecords(http: FastifyInstance, service: CollectionService): void {
  const { model } = service;
  const { name, declared } = model;
  const record = recordSchema(declared.fields);
  const routes: readonly RecordRoute[] = [
    {
      operation: 'read',
      method: 'GET',
      url: `/api/${name}/:id`,
      schema: { summary: `Read one of ${name}`, params: ID_PARAMS, response: { 200: record } },
      answer: ({ identity, params }) => service.read(identity, idOf(params)),
    },
    {
      operation: 'create',
      method: 'POST',
      url: `/api/${name}`,
      schema: {
        summary: `Create one of ${name}`,
        body: inputSchema(declared.fields, { partial: false }),
        response: { 201: record },
      },
      answer: ({ identity, body }, reply) => {
        reply.code(201);
        return service.create(identity, body);
      },
    },
    {
      operation: 'update',
      method: 'PATCH',
      url: `/api/${name}/:id`,
      schema: {
        summary: `Change one of ${name}`,
        params: ID_PARAMS,
        body: inputSchema(declared.fields, { partial: true }),
        response: { 200: record },
      },
      answer: ({ identity, params, body }) => service.update(identity, idOf(params), body),
    },
    {
      operation: 'delete',
      method: 'DELETE',
      url: `/api/${name}/:id`,
      schema: { summary: `Delete one of ${name}`, params: ID_PARAMS, response: { 204: { type: 'null' } } },
      async answer({ identity, params }, reply) {
        await service.delete(identity, idOf(params));
        reply.code(204);
        return undefined;
      },
    },
  ];
  for (const { operation, method, url, schema, answer } of routes) {
    const auth = authFor(model, operation);
    if (auth === undefined) continue;
    http.route({
      method,
      url,
      config: { auth },
      schema: { ...schema, tags: [name] },
      async handler(request, reply) {
        const text = await answer(request, reply);
        return text === undefined ? reply.send() : reply.type(JSON_TYPE).send(text);
      },
    });
  }
}

interface RecordRoute {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly schema: FastifySchema;
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => Promise<string | undefined>;
}

/**
 * What the authentication step demands: nothing where everybody may; a token when there is one where the rule
 * decides, or where what is written says who wrote it.
 * Undefined where nobody may, not even an admin: there is no such route.
 */
function authFor(model: RecordModel, operation: Operation): RouteAuth | undefined {
  const rule: AnyRule | undefined = model.declared.rules[operation];
  if (rule === undefined || rule === 'nobody') return undefined;
  const isWrite = operation === 'create' || operation === 'update';
  const namesCaller = isWrite && callerFieldsOf(model.declared.fields).length > 0;
  return rule === 'public' && !namesCaller ? 'public' : 'optional';
}

function cachePolicyOf({ declared: { cache } }: RecordModel): CachePolicy | undefined {
  if (cache === undefined) return undefined;
  return { maxAgeMs: parseDuration(cache.maxAge), tolerates: new Set(cache.tolerates) };
}

function idOf(params: unknown): string {
  return (params as { readonly id: string }).id;
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
