import type { SystemStatus } from '@maque/contract';
import type { FastifyInstance } from 'fastify';
import { callingMember } from '../../http/calling.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { noteAudit } from '../audit/audit-note.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { originOf } from '../sessions/session-origin.ts';
import type { SessionService } from '../sessions/session-service.ts';
import { adminAnswerFields, claimFields, loginFields } from './admin-fields.ts';
import type { AdminService } from './admin-service.ts';

export interface AdminRoutesDeps {
  readonly admins: AdminService;
  readonly sessions: SessionService;
  /** The state of the whole system, or of this process where there is no keeper. */
  readonly systemStatus: () => Promise<SystemStatus>;
}

const tags = ['admin'];
const response = { 200: answerSchema(adminAnswerFields) };

/** The console's own routes, under `/api/admin`. */
export function registerAdminRoutes(http: FastifyInstance, deps: AdminRoutesDeps): void {
  http.post(
    '/api/admin/claim',
    {
      config: { auth: 'public' },
      schema: {
        summary: 'Become an admin, or a member of staff, with a one-time link',
        tags,
        body: inputSchema(claimFields, { partial: false }),
        response,
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return deps.admins.claim(checkedBody(request, claimFields), originOf(request), (member) =>
        noteAudit(request, { actor: { kind: 'staff', ...member } }),
      );
    },
  );

  http.post(
    '/api/admin/login',
    {
      config: { auth: 'public' },
      schema: {
        summary: 'Log in to the console',
        tags,
        body: inputSchema(loginFields, { partial: false }),
        response,
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return deps.admins.login(checkedBody(request, loginFields), originOf(request), (member) =>
        noteAudit(request, { actor: { kind: 'staff', ...member } }),
      );
    },
  );

  http.post(
    '/api/admin/logout',
    {
      config: { auth: 'staff', beforeTotp: true },
      schema: { summary: 'End this session of the console', tags },
    },
    async (request, reply) => {
      const { sessionId, adminId } = callingMember(request);
      await deps.sessions.close(sessionId, adminId);
      return reply.code(204).send();
    },
  );

  http.get(
    '/api/admin/status',
    { config: { auth: 'staff' }, schema: { summary: 'Memory and requests of each process', tags } },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return deps.systemStatus();
    },
  );
}
