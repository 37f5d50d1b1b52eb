import type { AdminClaimRequest, AdminLoginRequest, SystemStatus } from '@maque/contract';
import type { FastifyInstance } from 'fastify';
import { callingAdmin } from '../../http/calling.ts';
import type { SessionService } from '../sessions/session-service.ts';
import { adminAnswerSchema, claimSchema, loginSchema } from './admin-schema.ts';
import type { AdminService } from './admin-service.ts';

export interface AdminRoutesDeps {
  readonly admins: AdminService;
  readonly sessions: SessionService;
  /** The state of the whole system, or of this process where there is no keeper. */
  readonly systemStatus: () => Promise<SystemStatus>;
}

const tags = ['admin'];
const response = { 200: adminAnswerSchema };

/** The console's own routes, under `/api/admin`. */
export function registerAdminRoutes(http: FastifyInstance, deps: AdminRoutesDeps): void {
  http.post<{ Body: AdminClaimRequest }>(
    '/api/admin/claim',
    {
      config: { auth: 'public' },
      schema: { summary: 'Become an admin with the one-time link', tags, body: claimSchema, response },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return deps.admins.claim(request.body, request.ip);
    },
  );

  http.post<{ Body: AdminLoginRequest }>(
    '/api/admin/login',
    {
      config: { auth: 'public' },
      schema: { summary: 'Log in to the console', tags, body: loginSchema, response },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return deps.admins.login(request.body, request.ip);
    },
  );

  http.post(
    '/api/admin/logout',
    { config: { auth: 'admin' }, schema: { summary: 'End this session of the console', tags } },
    async (request, reply) => {
      await deps.sessions.close(callingAdmin(request).sessionId);
      return reply.code(204).send();
    },
  );

  http.get(
    '/api/admin/status',
    { config: { auth: 'admin' }, schema: { summary: 'Memory and requests of each process', tags } },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return deps.systemStatus();
    },
  );
}
