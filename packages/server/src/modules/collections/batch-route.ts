import { limits } from '@maque/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noteAudit } from '../audit/audit-note.ts';
import { changedFields } from '../audit/record-actions.ts';
import { type Operation, readBatch, runBatch, textOf } from './batch.ts';
import { keyedRequest, once } from './idempotency-keys.ts';
import type { KeptAnswer } from './idempotency-store.ts';
import { JSON_TYPE } from './record-request.ts';
import type { RecordWriter, Written } from './record-writer.ts';
import { IDEMPOTENCY_KEY, type WriteRouteDeps } from './write-routes.ts';

/** `POST /api/batch`: several writes, all of them or none. */
export function registerBatchRoute(
  http: FastifyInstance,
  writers: ReadonlyMap<string, RecordWriter>,
  { records, clock, callOf }: WriteRouteDeps,
): void {
  const config = { auth: 'optional' } as const;
  http.post('/api/batch', { config, schema: SCHEMA }, async (request, reply) => {
    const keyed = keyedRequest(request);
    const operations = readBatch(writers, request.body);
    const call = callOf(request);
    noteOperations(request, operations);
    const { text } = await records.transaction(async (session) => {
      const run = async () => {
        const results = await runBatch(operations, (operation) => operation.run(session, call), clock);
        noteOperations(request, operations, results);
        return { ...answerOf(results), createdIds: createdIn(operations, results) };
      };
      const again = async (createdIds: readonly string[]) => {
        const created = createdIds.values();
        const idOf = ({ kind }: Operation) => (kind === 'create' ? (created.next().value ?? '') : '');
        const read = (operation: Operation) => operation.again(session, call, idOf(operation));
        return answerOf(await runBatch(operations, read, clock));
      };
      return keyed === undefined ? run() : once(session, keyed, clock, { run, again });
    });
    return reply.type(JSON_TYPE).send(text);
  });
}

function answerOf(results: readonly (Written | null)[]): KeptAnswer {
  return { text: `{"results":[${results.map(textOf).join()}]}`, tag: null };
}

function createdIn(
  operations: readonly Operation[],
  results: readonly (Written | null)[],
): readonly string[] {
  return results.flatMap((result, index) =>
    result !== null && operations[index]?.kind === 'create' ? [result.id] : [],
  );
}

/** What members of staff do in a batch is found in the audit log as if they had done it one by one. */
function noteOperations(
  request: FastifyRequest,
  operations: readonly Operation[],
  results: readonly (Written | null)[] = [],
): void {
  const { kind } = request.identity;
  if (kind !== 'admin' && kind !== 'staff') return;
  const parts = operations.map(({ kind, collection, id, values }, index) => ({
    target: id ?? results[index]?.id ?? null,
    details: { [kind]: collection, ...changedFields(values) },
  }));
  noteAudit(request, { parts });
}

const TEXT = { type: 'string' };
const OBJECT = { type: 'object' };

const SCHEMA = {
  tags: ['batch'],
  summary: 'Create, change and delete several records, all of it or nothing',
  headers: IDEMPOTENCY_KEY,
  body: {
    type: 'object',
    properties: {
      operations: {
        type: 'array',
        minItems: 1,
        maxItems: limits.batchOperations,
        items: {
          oneOf: [
            { type: 'object', properties: { create: TEXT, record: OBJECT }, required: ['create', 'record'] },
            {
              type: 'object',
              properties: { update: TEXT, id: TEXT, changes: OBJECT, ifMatch: TEXT },
              required: ['update', 'id', 'changes'],
            },
            {
              type: 'object',
              properties: { delete: TEXT, id: TEXT, ifMatch: TEXT },
              required: ['delete', 'id'],
            },
          ],
        },
      },
    },
    required: ['operations'],
    additionalProperties: false,
  },
  response: {
    200: {
      type: 'object',
      properties: { results: { type: 'array', items: { type: ['object', 'null'] } } },
      required: ['results'],
    },
  },
};
