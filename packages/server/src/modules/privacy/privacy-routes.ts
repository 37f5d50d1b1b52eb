import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { callingMember, callingUser } from '../../http/calling.ts';
import { noteAudit } from '../audit/audit-note.ts';
import type { Erasure } from './erase-user.ts';
import { type ExportDeps, exportUser } from './export-user.ts';

const tags = ['privacy'];

/** What the law gives everybody: their data, and to be forgotten (PIPL, articles 45 and 47). */
export function registerPrivacyRoutes(
  http: FastifyInstance,
  { erasure, ...deps }: ExportDeps & { readonly erasure: Erasure },
): void {
  http.get(
    '/api/me/export',
    {
      config: { auth: 'user', streams: true },
      schema: { summary: 'Everything that is kept of the caller', tags },
    },
    async (request, reply) => {
      return sendExport(reply, await exportUser(deps, callingUser(request).userId));
    },
  );

  http.delete(
    '/api/me',
    {
      config: { auth: 'user' },
      schema: { summary: 'Forget the caller: at once who they are, soon what they have left', tags },
    },
    async (request, reply) => {
      const { userId } = callingUser(request);
      await erasure.erase(userId);
      // What is kept of it proves that it was done, and names nobody any more.
      noteAudit(request, { actor: { kind: 'user', id: userId }, target: userId });
      return reply.code(202).send({});
    },
  );

  http.get<{ Params: { id: string } }>(
    '/api/admin/users/:id/export',
    {
      config: { auth: 'admin', audit: true, streams: true },
      schema: { summary: 'Everything that is kept of a user', tags },
    },
    async (request, reply) => {
      callingMember(request);
      return sendExport(reply, await exportUser(deps, request.params.id));
    },
  );

  http.delete<{ Params: { id: string } }>(
    '/api/admin/users/:id',
    { config: { auth: 'admin' }, schema: { summary: 'Forget a user', tags } },
    async (request, reply) => {
      callingMember(request);
      await erasure.erase(request.params.id);
      return reply.code(202).send({});
    },
  );
}

function sendExport(reply: FastifyReply, pieces: AsyncGenerator<string>): FastifyReply {
  return reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('content-disposition', 'attachment; filename="export.json"')
    .header('cache-control', 'no-store')
    .send(Readable.from(pieces, { objectMode: false }));
}
