import type { FastifyInstance } from 'fastify';
import { callingUser } from '../../http/calling.ts';
import type { SessionService } from './session-service.ts';

/** `POST /api/logout`: ends the caller's session, or with `{"everywhere": true}` all of them. */
export function registerSessionRoutes(http: FastifyInstance, deps: { sessions: SessionService }): void {
  http.post<{ Body: { everywhere?: boolean } | undefined }>(
    '/api/logout',
    {
      config: { auth: 'user' },
      schema: {
        summary: 'End this session, or all sessions of the user',
        tags: ['login'],
        body: {
          type: ['object', 'null'],
          properties: { everywhere: { type: 'boolean' } },
          additionalProperties: false,
        },
        response: { 204: { type: 'null' } },
      },
    },
    async (request, reply) => {
      const { userId, sessionId } = callingUser(request);
      if (request.body?.everywhere === true) await deps.sessions.closeAllOf(userId);
      else await deps.sessions.close(sessionId);
      return reply.code(204).send();
    },
  );
}
