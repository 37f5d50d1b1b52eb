import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { callingMember } from '../../http/calling.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { noteAudit } from '../audit/audit-note.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { isoTime } from '../records/iso-time.ts';
import { MOST_ROLES, roleField } from '../users/role-names.ts';
import { type ApiKeyService, MOST_KEYS } from './api-key-service.ts';
import type { ApiKeyRow } from './api-key-store.ts';

const config = { auth: 'admin' } as const;
const tags = ['keys'];
const wishedFields = {
  name: field.text({ maxLength: 64 }),
  roles: field.list(roleField, { maxItems: MOST_ROLES }),
  expiresAt: field.datetime().optional(),
};
const keyFields = {
  id: field.text({ maxLength: 32 }),
  ...wishedFields,
  createdBy: field.text({ maxLength: 32 }),
  createdAt: field.datetime(),
  lastUsedAt: field.datetime().optional(),
};
const newKeyFields = { ...keyFields, key: field.text({ maxLength: 100 }) };
const listFields = { items: field.list(field.object(keyFields), { maxItems: MOST_KEYS }) };

/** `/api/admin/keys`: what machines call with. For admins. */
export function registerApiKeyRoutes(http: FastifyInstance, { keys }: { keys: ApiKeyService }): void {
  http.get(
    '/api/admin/keys',
    { config, schema: { summary: 'API keys', tags, response: { 200: answerSchema(listFields) } } },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return { items: (await keys.list()).map(keyView) };
    },
  );

  const body = inputSchema(wishedFields, { partial: false });
  const response = { 201: answerSchema(newKeyFields) };
  http.post(
    '/api/admin/keys',
    { config, schema: { summary: 'Make an API key; it is told this once', tags, body, response } },
    async (request, reply) => {
      const { name, roles, expiresAt } = checkedBody(request, wishedFields);
      const wished = { name, roles, expiresAt: expiresAt === null ? null : Date.parse(expiresAt) };
      const made = await keys.create(wished, callingMember(request).adminId);
      noteAudit(request, { target: made.id, details: { name, roles } });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...keyView(made), key: made.key });
    },
  );

  http.delete<{ Params: { id: string } }>(
    '/api/admin/keys/:id',
    { config, schema: { summary: 'Revoke an API key', tags } },
    async (request, reply) => {
      callingMember(request);
      await keys.revoke(request.params.id);
      return reply.code(204).send();
    },
  );
}

function keyView({ id, name, roles, createdBy, createdAt, expiresAt, lastUsedAt }: ApiKeyRow) {
  return {
    ...{ id, name, roles, createdBy },
    createdAt: isoTime(Math.floor(createdAt)),
    expiresAt: expiresAt === null ? null : isoTime(expiresAt),
    lastUsedAt: lastUsedAt === null ? null : isoTime(Math.floor(lastUsedAt)),
  };
}
