import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { checkedQuery } from '../admin/admin-query.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { isoTime } from '../records/iso-time.ts';
import type { AuditLog } from './audit-log.ts';
import type { AuditRow } from './audit-store.ts';

const PAGE = 50;
const MOST = 100;
const id = field.text({ maxLength: 64 });
const queryFields = {
  actor: id.optional(),
  target: id.optional(),
  cursor: id.optional(),
  limit: field.int({ min: 1, max: MOST }).default(PAGE),
};
const entryFields = {
  id,
  at: field.datetime(),
  actorKind: field.enum(['staff', 'machine', 'user']),
  actorId: id,
  actorName: id.optional(),
  action: field.text({ maxLength: 200 }),
  target: id.optional(),
  status: field.int(),
  ip: field.text({ maxLength: 45 }).optional(),
  requestId: field.text({ maxLength: 40 }),
  details: field.json().optional(),
};
const pageFields = {
  items: field.list(field.object(entryFields), { maxItems: MOST }),
  nextCursor: id.optional(),
};

/** `GET /api/admin/audit`: what staff did, the newest first. For admins. */
export function registerAuditRoutes(http: FastifyInstance, { audit }: { audit: AuditLog }): void {
  const schema = {
    summary: 'What members of staff and their machines did',
    tags: ['staff'],
    querystring: inputSchema(queryFields, { partial: false }),
    response: { 200: answerSchema(pageFields) },
  };
  http.get('/api/admin/audit', { config: { auth: 'admin' }, schema }, async (request, reply) => {
    const { cursor, limit, ...about } = checkedQuery(request, queryFields);
    reply.header('cache-control', 'no-store');
    const rows = await audit.list({ ...about, before: cursor, limit });
    return { items: rows.map(entryView), nextCursor: rows.length < limit ? null : rows.at(-1)?.id };
  });
}

function entryView({ at, details, ...row }: AuditRow) {
  return {
    ...row,
    at: isoTime(Math.floor(at)),
    details: details === null ? null : (JSON.parse(details) as object),
  };
}
