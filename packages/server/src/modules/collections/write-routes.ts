import { errors } from '@maque/contract';
import type { Clock } from '@maque/kit';
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import type { Operation } from '../../define/rules.ts';
import { inputSchema, recordSchema } from '../records/field-schema.ts';
import type { Records } from '../records/records.ts';
import type { Call } from './hook-context.ts';
import { keyedRequest, once } from './idempotency-keys.ts';
import type { KeptAnswer } from './idempotency-store.ts';
import { ID_PARAMS, idOf, JSON_TYPE } from './record-request.ts';
import type { RecordWriter, Target } from './record-writer.ts';
import { authFor } from './route-auth.ts';

export interface WriteRouteDeps {
  readonly records: Records;
  readonly clock: Clock;
  readonly callOf: (request: FastifyRequest) => Call;
}

/** `POST`, `PATCH` and `DELETE` of `/api/{collection}`, and what brings back what was deleted softly. */
export function registerWriteRoutes(http: FastifyInstance, writer: RecordWriter, deps: WriteRouteDeps): void {
  const { model } = writer;
  for (const { operation, method, url, status, schema, answer } of routesOf(writer, deps)) {
    const auth = authFor(model, operation);
    if (auth === undefined) continue;
    http.route({
      method,
      url,
      config: { auth },
      schema: { ...schema, tags: [model.name] },
      async handler(request, reply) {
        const answered = await answer(request);
        reply.code(status);
        if (answered === undefined) return reply.send();
        if (answered.tag !== null) reply.header('etag', answered.tag);
        return reply.type(JSON_TYPE).send(answered.text);
      },
    });
  }
}

interface WriteRoute {
  /** Whose rule it is that decides. */
  readonly operation: Operation;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly status: number;
  readonly schema: FastifySchema;
  readonly answer: (request: FastifyRequest) => Promise<KeptAnswer | undefined>;
}

function routesOf(writer: RecordWriter, { records, clock, callOf }: WriteRouteDeps): readonly WriteRoute[] {
  const { name, declared } = writer.model;
  const record = recordSchema(declared);
  const { session } = records;
  const routes: WriteRoute[] = [
    {
      operation: 'create',
      method: 'POST',
      url: `/api/${name}`,
      status: 201,
      schema: {
        summary: `Create one of ${name}`,
        headers: IDEMPOTENCY_KEY,
        body: inputSchema(declared.fields, { partial: false }),
        response: { 201: record },
      },
      answer(request) {
        const keyed = keyedRequest(request);
        const call = callOf(request);
        if (keyed === undefined) return writer.create(session, call, request.body);
        return records.transaction((inside) =>
          once(inside, keyed, clock, {
            async run() {
              const written = await writer.create(inside, call, request.body);
              return { ...written, createdIds: [written.id] };
            },
            async again([id = '']) {
              const written = await writer.readAgain(inside, call, id);
              if (written === null) throw errors.NOT_FOUND();
              return written;
            },
          }),
        );
      },
    },
    {
      operation: 'update',
      method: 'PATCH',
      url: `/api/${name}/:id`,
      status: 200,
      schema: {
        summary: `Change one of ${name}`,
        params: ID_PARAMS,
        headers: IF_MATCH,
        body: inputSchema(declared.fields, { partial: true }),
        response: { 200: record },
      },
      answer: (request) => writer.update(session, callOf(request), targetOf(request), request.body),
    },
    {
      operation: 'delete',
      method: 'DELETE',
      url: `/api/${name}/:id`,
      status: 204,
      schema: {
        summary: `Delete one of ${name}`,
        params: ID_PARAMS,
        headers: IF_MATCH,
        response: { 204: { type: 'null' } },
      },
      async answer(request) {
        await writer.delete(session, callOf(request), targetOf(request));
        return undefined;
      },
    },
  ];
  if (declared.softDelete !== undefined) {
    routes.push({
      operation: 'delete',
      method: 'POST',
      url: `/api/${name}/:id/restore`,
      status: 200,
      schema: {
        summary: `Bring back one of ${name} that was deleted`,
        params: ID_PARAMS,
        headers: IF_MATCH,
        response: { 200: record },
      },
      answer: (request) => writer.restore(session, callOf(request), targetOf(request)),
    });
  }
  return routes;
}

function targetOf({ params, headers }: FastifyRequest): Target {
  return { id: idOf(params), ifMatch: headers['if-match'] };
}

const IF_MATCH = {
  type: 'object',
  properties: {
    'If-Match': {
      type: 'string',
      description: 'Only if this is still its version: the ETag that it came with',
    },
  },
};

export const IDEMPOTENCY_KEY = {
  type: 'object',
  properties: {
    'Idempotency-Key': {
      type: 'string',
      description:
        'Random, new for each request and the same when it is repeated: it is done once within 24 hours',
    },
  },
};
