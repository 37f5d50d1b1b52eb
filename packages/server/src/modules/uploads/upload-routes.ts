import { errors } from '@maque/contract';
import { type Bytes, DAY, SECOND } from '@maque/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { field } from '../../define/field.ts';
import type { BodyMemory } from '../../http/body-memory.ts';
import { callingUser } from '../../http/calling.ts';
import type { TrackedRequest } from '../../http/exchange.ts';
import { isFresh } from '../../http/is-fresh.ts';
import { type ByteRange, type FileLink, fileStoreErrors } from '../../ports/index.ts';
import { answerSchema } from '../records/field-schema.ts';
import { requestedRange } from './byte-range.ts';
import { FILE_KINDS } from './file-kinds.ts';
import { filePart } from './file-part.ts';
import { dispositionOf, type UploadService } from './upload-service.ts';
import type { UploadRow } from './upload-store.ts';

export interface UploadRoutesDeps {
  readonly uploads: UploadService;
  readonly bodies: Pick<BodyMemory, 'admitFile'>;
  /** Of one file. */
  readonly maxBytes: Bytes;
}

type WithId = { Params: { id: string } };

/** A file never changes under its address; a day bounds how long a deleted one lives on in phones and proxies. */
const CACHE_CONTROL = `public, max-age=${DAY / SECOND}, immutable`;
/** Should a browser take one for a page all the same, nothing in it runs. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; sandbox";

const tags = ['uploads'];
const params = { type: 'object', properties: { id: { type: 'string', maxLength: 32 } }, required: ['id'] };
const binary = { contentMediaType: 'application/octet-stream' };
const formSchema = {
  type: 'object',
  properties: { file: { type: 'string', ...binary } },
  required: ['file'],
};
/** An upload, as an answer has it. */
export const uploadFields = {
  id: field.text({ maxLength: 32 }),
  url: field.text({ maxLength: 64 }),
  type: field.enum(FILE_KINDS.map(({ type }) => type)),
  size: field.int({ min: 1 }),
};

/** `POST /api/uploads`, `GET` and `DELETE /api/uploads/:id`. */
export function registerUploadRoutes(http: FastifyInstance, deps: UploadRoutesDeps): void {
  // A scope of its own, where nobody but the handler reads the body.
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    registerReceiving(scope, deps);
  });
  registerServing(http, deps);
  registerDeleting(http, deps);
}

function registerReceiving(http: FastifyInstance, { uploads, maxBytes }: UploadRoutesDeps): void {
  const schema = {
    summary: 'Upload one file as multipart/form-data, as wx.uploadFile sends it',
    tags,
    consumes: 'multipart/form-data',
    body: formSchema,
    response: { 201: answerSchema(uploadFields) },
  };
  http.post('/api/uploads', { config: { auth: 'user' }, schema }, async (request, reply) => {
    const upload = await uploads.keep(callingUser(request).userId, filePart(request.raw, maxBytes));
    return reply.code(201).header('location', upload.url).send(upload);
  });
}

function registerServing(http: FastifyInstance, { uploads, bodies }: UploadRoutesDeps): void {
  const config = { auth: 'public' } as const;
  const summary = 'Load a file, or hear where: 302 to a link that lasts an hour or two';
  const schema = { summary, tags, params, response: { 200: binary } };
  http.get<WithId>('/api/uploads/:id', { config, schema, exposeHeadRoute: false }, async (request, reply) => {
    const row = await uploads.find(request.params.id);
    const link = uploads.linkTo(row);
    if (link !== undefined) return sendElsewhere(link, reply);
    if (isFresh(request.headers['if-none-match'], etagOf(row))) return sendUnchanged(row, reply);
    const range = rangeOf(row, request, reply);
    const bytes = range === undefined ? row.bytes : range.end - range.start + 1;
    if (!bodies.admitFile(request.raw as TrackedRequest, bytes)) {
      throw errors.OVERLOADED({ retryAfterSeconds: 1 });
    }
    const { content } = await uploads.open(row, range);
    if (range !== undefined) {
      reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${row.bytes}`);
    }
    return reply.headers({ ...headersOf(row), 'content-length': bytes }).send(content);
  });

  http.head<WithId>('/api/uploads/:id', { config }, async (request, reply) => {
    const row = await uploads.find(request.params.id);
    if (isFresh(request.headers['if-none-match'], etagOf(row))) return sendUnchanged(row, reply);
    return reply.headers({ ...headersOf(row), 'content-length': row.bytes }).send(null);
  });
}

function registerDeleting(http: FastifyInstance, { uploads }: UploadRoutesDeps): void {
  const summary = 'Delete a file of the caller';
  const response = { 204: { type: 'null' } };
  http.delete<WithId>(
    '/api/uploads/:id',
    { config: { auth: 'user' }, schema: { summary, tags, params, response } },
    async (request, reply) => {
      await uploads.delete(callingUser(request).userId, request.params.id);
      return reply.code(204).send();
    },
  );
}

function etagOf({ id }: UploadRow): string {
  return `"${id}"`;
}

function sendUnchanged(row: UploadRow, reply: FastifyReply): FastifyReply {
  return reply
    .code(304)
    .headers({ etag: etagOf(row), 'cache-control': CACHE_CONTROL })
    .send();
}

/** No ETag: who has loaded the file asks the store for it, and the link does not last. */
function sendElsewhere({ url, freshMs }: FileLink, reply: FastifyReply): FastifyReply {
  const seconds = Math.floor(freshMs / SECOND);
  return reply.header('cache-control', `public, max-age=${seconds}`).redirect(url, 302);
}

/** What makes bytes of users safe to load: the type that they have, a name of ours, and no way to run. */
function headersOf(row: UploadRow): Record<string, string> {
  return {
    etag: etagOf(row),
    'cache-control': CACHE_CONTROL,
    'content-type': row.type,
    'accept-ranges': 'bytes',
    'content-disposition': dispositionOf(row),
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
  };
}

/** The part that is asked for; undefined for all. @throws CodedError FILE_RANGE_INVALID when it is not in the file. */
function rangeOf(row: UploadRow, { headers }: FastifyRequest, reply: FastifyReply): ByteRange | undefined {
  // Whoever has a part of another file than this one gets all of it (RFC 9110 §13.1.5).
  if (headers['if-range'] !== undefined && headers['if-range'] !== etagOf(row)) return undefined;
  const range = requestedRange(headers.range, row.bytes);
  if (range !== 'outside') return range;
  reply.header('content-range', `bytes */${row.bytes}`);
  throw fileStoreErrors.FILE_RANGE_INVALID({ data: { bytes: row.bytes } });
}
