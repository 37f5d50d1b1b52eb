import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { callingUser } from '../../http/calling.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { sessionListFields } from './session-fields.ts';
import type { SessionService } from './session-service.ts';

const request = { everywhere: field.bool().default(false) };
const config = { auth: 'user' } as const;
const tags = ['login'];

/** `POST /api/logout`, `GET /api/me/sessions`, `DELETE /api/me/sessions/:id`. */
export function registerSessionRoutes(http: FastifyInstance, deps: { sessions: SessionService }): void {
  const schema = {
    summary: 'End this session, or all sessions of the user',
    tags,
    body: inputSchema(request, { partial: false }),
    response: { 204: { type: 'null' } },
  };
  http.post('/api/logout', { config, schema }, async (incoming, reply) => {
    const { userId, sessionId } = callingUser(incoming);
    // The body may be left out altogether.
    const { everywhere } =
      incoming.body === undefined ? { everywhere: false } : checkedBody(incoming, request);
    if (everywhere) await deps.sessions.closeAllOf(userId);
    else await deps.sessions.close(sessionId, userId);
    return reply.code(204).send();
  });

  const listing = {
    summary: 'Where the caller is logged in',
    tags,
    response: { 200: answerSchema(sessionListFields) },
  };
  http.get('/api/me/sessions', { config, schema: listing }, async (incoming, reply) => {
    const { userId, sessionId } = callingUser(incoming);
    reply.header('cache-control', 'no-store');
    return { items: await deps.sessions.list(userId, sessionId) };
  });

  http.delete<{ Params: { id: string } }>(
    '/api/me/sessions/:id',
    { config, schema: { summary: 'End a session of the caller', tags } },
    async (incoming, reply) => {
      await deps.sessions.close(incoming.params.id, callingUser(incoming).userId);
      return reply.code(204).send();
    },
  );
}
