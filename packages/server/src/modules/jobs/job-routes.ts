import { errors } from '@maque/contract';
import { type Bytes, KiB } from '@maque/kit';
import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import type { DeadJob, JobQueue } from '../../ports/index.ts';
import { answerSchema } from '../records/field-schema.ts';
import { isoTime } from '../records/iso-time.ts';

export interface JobRoutesDeps {
  readonly jobs: Pick<JobQueue, 'stats' | 'dead' | 'revive'>;
}

/** The newest of the dead: who has more looks for the cause, not for each of them. */
const MOST_DEAD = 50;
/** Of a payload that is shown; most have some hundred bytes. */
const MOST_PAYLOAD: Bytes = 2 * KiB;
const tags = ['admin'];
const count = field.int({ min: 0 });
const deadFields = {
  id: field.text({ maxLength: 32 }),
  name: field.text({ maxLength: 64 }),
  attempts: count,
  createdAt: field.datetime(),
  diedAt: field.datetime(),
  reason: field.text({ maxLength: 500 }),
  payload: field.json({ maxBytes: MOST_PAYLOAD }),
};
const answerFields = {
  waiting: count,
  running: count,
  dead: count,
  oldestDueMs: count,
  deadJobs: field.list(field.object(deadFields), { maxItems: MOST_DEAD }),
};

/** `GET /api/admin/jobs` and `POST /api/admin/jobs/:id/revive`. */
export function registerJobRoutes(http: FastifyInstance, { jobs }: JobRoutesDeps): void {
  const config = { auth: 'admin' } as const;
  const schema = {
    summary: 'What waits to be done, and which jobs have failed for good',
    tags,
    response: { 200: answerSchema(answerFields) },
  };
  http.get('/api/admin/jobs', { config, schema }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    const [stats, dead] = await Promise.all([jobs.stats(), jobs.dead(MOST_DEAD)]);
    return { ...stats, deadJobs: dead.map(shown) };
  });

  const params = { type: 'object', properties: { id: { type: 'string', maxLength: 32 } }, required: ['id'] };
  http.post<{ Params: { id: string } }>(
    '/api/admin/jobs/:id/revive',
    { config, schema: { summary: 'Give a dead job a fresh start', tags, params } },
    async (request, reply) => {
      if (!(await jobs.revive(request.params.id))) throw errors.NOT_FOUND();
      return reply.code(204).send();
    },
  );
}

function shown({ id, name, attempt, createdAtMs, diedAtMs, reason, payload }: DeadJob) {
  return {
    ...{ id, name, attempts: attempt, reason },
    createdAt: isoTime(createdAtMs),
    diedAt: isoTime(diedAtMs),
    // A large one would make the whole list slow; its id finds it in the database.
    payload: JSON.stringify(payload).length <= MOST_PAYLOAD ? payload : null,
  };
}
