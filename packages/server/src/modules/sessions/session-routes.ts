import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field.ts';
import { callingUser } from '../../http/calling.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { inputSchema } from '../records/field-schema.ts';
import type { SessionService } from './session-service.ts';

const request = { everywhere: field.bool().default(false) };

/** `POST /api/logout`: ends the caller's session, or with `{"everywhere": true}` all of them. */
export function registerSessionRoutes(http: FastifyInstance, deps: { sessions: SessionService }): void {
  const schema = {
    summary: 'End this session, or all sessions of the user',
    tags: ['login'],
    body: inputSchema(request, { partial: false }),
    response: { 204: { type: 'null' } },
  };
  http.post('/api/logout', { config: { auth: 'user' }, schema }, async (incoming, reply) => {
    const { userId, sessionId } = callingUser(incoming);
    // The body may be left out altogether.
    const { everywhere } =
      incoming.body === undefined ? { everywhere: false } : checkedBody(incoming, request);
    if (everywhere) await deps.sessions.closeAllOf(userId);
    else await deps.sessions.close(sessionId);
    return reply.code(204).send();
  });
}
