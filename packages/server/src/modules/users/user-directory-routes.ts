import { errors } from '@maque/contract';
import type { Clock } from '@maque/kit';
import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { callingMember } from '../../http/calling.ts';
import { checkedBody } from '../../http/checked-body.ts';
import type { Database } from '../../ports/index.ts';
import { checkedQuery } from '../admin/admin-query.ts';
import { noteAudit } from '../audit/audit-note.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { sessionListFields } from '../sessions/session-fields.ts';
import type { SessionService } from '../sessions/session-service.ts';
import type { PhoneBook } from './phone-book.ts';
import { MOST_ROLES, refuseUnknownRoles, roleField } from './role-names.ts';
import { meFields } from './user-fields.ts';
import type { UserService } from './user-service.ts';
import { findUser, findUsersByPhone, listUsers, updateRoles } from './user-store.ts';

export interface UserDirectoryDeps {
  readonly users: UserService;
  readonly sessions: SessionService;
  readonly phones: PhoneBook;
  readonly database: Database;
  /** Those that the app declares; nobody becomes an admin here. */
  readonly roles: readonly string[];
  readonly clock: Clock;
}

const PAGE = 50;
const MOST = 100;
const queryFields = {
  phone: field.text({ maxLength: 24 }).optional(),
  cursor: field.text({ maxLength: 40 }).optional(),
  limit: field.int({ min: 1, max: MOST }).default(PAGE),
};
const listFields = {
  items: field.list(field.object(meFields), { maxItems: MOST }),
  nextCursor: field.text({ maxLength: 40 }).optional(),
};
const changes = { roles: field.list(roleField, { maxItems: MOST_ROLES }) };
const config = { auth: 'admin' } as const;
const personal = { auth: 'admin', audit: true } as const;
const tags = ['users'];

type ById = { Params: { id: string } };

/** `/api/admin/users`: who uses the mini-program. For admins; each look at it is recorded. */
export function registerUserDirectoryRoutes(http: FastifyInstance, deps: UserDirectoryDeps): void {
  const { users, sessions, phones, database, roles, clock } = deps;

  http.get(
    '/api/admin/users',
    {
      config: personal,
      schema: {
        summary: 'Users, the newest first, or those who have given a phone',
        tags,
        querystring: inputSchema(queryFields, { partial: false }),
        response: { 200: answerSchema(listFields) },
      },
    },
    async (request, reply) => {
      const { phone, cursor, limit } = checkedQuery(request, queryFields);
      reply.header('cache-control', 'no-store');
      const rows =
        phone === null
          ? await listUsers(database, cursor ?? undefined, limit)
          : await findUsersByPhone(database, phones.hash(phone), limit);
      const isLast = phone !== null || rows.length < limit;
      return { items: rows.map((row) => users.viewOf(row)), nextCursor: isLast ? null : rows.at(-1)?.id };
    },
  );

  const response = { 200: answerSchema(meFields) };
  http.get<ById>(
    '/api/admin/users/:id',
    { config: personal, schema: { summary: 'One user', tags, response } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return view(request.params.id);
    },
  );

  http.patch<ById>(
    '/api/admin/users/:id',
    {
      config,
      schema: {
        summary: 'Give a user roles, in place of those they have',
        tags,
        body: inputSchema(changes, { partial: false }),
        response,
      },
    },
    async (request) => {
      callingMember(request);
      const wished = checkedBody(request, changes);
      refuseUnknownRoles(wished.roles, roles);
      noteAudit(request, { details: wished });
      if (!(await updateRoles(database, request.params.id, wished.roles, clock.now())))
        throw errors.NOT_FOUND();
      sessions.announce();
      return view(request.params.id);
    },
  );

  http.get<ById>(
    '/api/admin/users/:id/sessions',
    {
      config: personal,
      schema: {
        summary: 'Where a user is logged in',
        tags,
        response: { 200: answerSchema(sessionListFields) },
      },
    },
    async (request) => {
      const { id } = await view(request.params.id);
      return { items: await sessions.list(id, undefined) };
    },
  );

  http.delete<ById>(
    '/api/admin/users/:id/sessions',
    { config, schema: { summary: 'Log a user out everywhere', tags } },
    async (request, reply) => {
      // Of a user: with a member's id a machine would log staff out, which is for people to do.
      await sessions.closeAllOf((await view(request.params.id)).id);
      return reply.code(204).send();
    },
  );

  async function view(id: string) {
    const row = await findUser(database, id);
    if (row === undefined) throw errors.NOT_FOUND();
    return users.viewOf(row);
  }
}
