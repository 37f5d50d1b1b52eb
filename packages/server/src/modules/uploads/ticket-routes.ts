import { type Bytes, KiB } from '@maque/kit';
import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { checkedBody } from '../../http/checked-body.ts';
import { answerSchema, inputSchema } from '../records/field-schema.ts';
import { ARRIVAL_PATH } from './arrival-path.ts';
import type { TicketService } from './ticket-service.ts';
import { uploadFields } from './upload-routes.ts';
import { uploaderOf } from './uploader.ts';

/** What we ask OSS to say is some 50 bytes. */
const REPORT_BYTES: Bytes = 4 * KiB;
const NO_BODY = Buffer.alloc(0);

const tags = ['uploads'];
const request = {
  name: field.text({ maxLength: 255 }).optional(),
  // 127 each side of the slash (RFC 6838 §4.2): that of a .pptx has 73, and is to be told FILE_KIND_UNSUPPORTED.
  contentType: field.text({ maxLength: 255 }).optional(),
  bytes: field.int({ min: 1 }),
  private: field.bool().default(false),
};
const ticketSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 32 },
    url: { type: 'string' },
    fields: { type: 'object', additionalProperties: { type: 'string' } },
    expiresAt: { type: 'string', format: 'date-time' },
  },
  required: ['id', 'url', 'fields', 'expiresAt'],
};
const params = { type: 'object', properties: { id: { type: 'string', maxLength: 32 } }, required: ['id'] };
const upload = answerSchema(uploadFields);

/** `POST /api/uploads/tickets`, `POST /api/uploads/:id/confirm`, and where OSS reports. */
export function registerTicketRoutes(http: FastifyInstance, { tickets }: { tickets: TicketService }): void {
  const asking = {
    summary: 'Ask for leave to send a file straight to the store; 409 UPLOAD_NOT_DIRECT where there is none',
    tags,
    body: inputSchema(request, { partial: false }),
    response: { 201: ticketSchema },
  };
  http.post(
    '/api/uploads/tickets',
    { config: { auth: 'optional' }, schema: asking },
    async (incoming, reply) => {
      const uploader = uploaderOf(incoming.identity);
      const { name, contentType, ...asked } = checkedBody(incoming, request);
      const ticket = await tickets.issue(uploader, {
        ...asked,
        ...(name == null ? {} : { name }),
        ...(contentType == null ? {} : { contentType }),
      });
      return reply.code(201).header('cache-control', 'no-store').send(ticket);
    },
  );

  const confirming = {
    summary: 'Say that the file of a ticket is in the store; it is looked at there, and then it is an upload',
    tags,
    params,
    response: { 201: upload },
  };
  http.post<{ Params: { id: string } }>(
    '/api/uploads/:id/confirm',
    { config: { auth: 'optional' }, schema: confirming },
    async (incoming, reply) => {
      const kept = await tickets.confirm(uploaderOf(incoming.identity), incoming.params.id);
      return reply.code(201).header('location', kept.url).send(kept);
    },
  );
  if (tickets.isReportedTo) registerReports(http, tickets);
}

/**
 * No login: the store signs the very bytes of the body, and whoever knows a ticket may have us look. The answer goes to the
 * sender of the file.
 */
function registerReports(http: FastifyInstance, tickets: TicketService): void {
  const schema = { summary: 'OSS reports files that have arrived here', tags, response: { 200: upload } };
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      ARRIVAL_PATH,
      { config: { auth: 'public' }, schema, bodyLimit: REPORT_BYTES },
      async ({ headers, body }) =>
        tickets.arrived({ headers, body: body instanceof Uint8Array ? body : NO_BODY }),
    );
  });
}
