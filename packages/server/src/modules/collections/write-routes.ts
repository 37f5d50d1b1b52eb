import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { Operation } from '../../define/rules.ts';
import { inputSchema, recordSchema } from '../records/field-schema.ts';
import { ID_PARAMS, idOf, JSON_TYPE } from './record-request.ts';
import type { RecordWriter } from './record-writer.ts';
import { authFor } from './route-auth.ts';

/** `POST`, `PATCH` and `DELETE` of `/api/{collection}`. */
export function registerWriteRoutes(http: FastifyInstance, writer: RecordWriter): void {
  const { model } = writer;
  const { name, declared } = model;
  const record = recordSchema(declared.fields);
  const routes: readonly WriteRoute[] = [
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
        return writer.create(identity, body);
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
      answer: ({ identity, params, body }) => writer.update(identity, idOf(params), body),
    },
    {
      operation: 'delete',
      method: 'DELETE',
      url: `/api/${name}/:id`,
      schema: { summary: `Delete one of ${name}`, params: ID_PARAMS, response: { 204: { type: 'null' } } },
      async answer({ identity, params }, reply) {
        await writer.delete(identity, idOf(params));
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

interface WriteRoute {
  readonly operation: Operation;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly schema: FastifySchema;
  readonly answer: (request: FastifyRequest, reply: FastifyReply) => Promise<string | undefined>;
}
