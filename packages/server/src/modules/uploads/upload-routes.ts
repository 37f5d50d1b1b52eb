import { errors } from '@maque/contract';
import type { Bytes } from '@maque/kit';
import type { FastifyInstance } from 'fastify';
import { field } from '../../define/field-vocabulary.ts';
import { answerSchema } from '../records/field-schema.ts';
import { FILE_KINDS } from './file-kinds.ts';
import { filePart } from './file-part.ts';
import type { UploadService } from './upload-service.ts';
import { uploaderOf } from './uploader.ts';

export interface UploadRoutesDeps {
  readonly uploads: UploadService;
  /** Of one file. */
  readonly maxBytes: Bytes;
}

const tags = ['uploads'];
const params = { type: 'object', properties: { id: { type: 'string', maxLength: 32 } }, required: ['id'] };
const formSchema = {
  type: 'object',
  properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
  required: ['file'],
};
const querySchema = {
  type: 'object',
  properties: { private: { type: 'boolean', default: false, description: 'Loaded by signed links only' } },
};
/** An upload, as an answer has it. */
export const uploadFields = {
  id: field.text({ maxLength: 32 }),
  url: field.text({ maxLength: 64 }),
  type: field.enum(FILE_KINDS.map(({ type }) => type)),
  size: field.int({ min: 1 }),
  private: field.bool(),
};

/** `POST /api/uploads` and `DELETE /api/uploads/:id`. */
export function registerUploadRoutes(http: FastifyInstance, deps: UploadRoutesDeps): void {
  // A scope of its own, where nobody but the handler reads the body.
  http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    registerReceiving(scope, deps);
  });
  registerDeleting(http, deps);
}

function registerReceiving(http: FastifyInstance, { uploads, maxBytes }: UploadRoutesDeps): void {
  const schema = {
    summary: 'Upload one file as multipart/form-data, as wx.uploadFile sends it',
    tags,
    consumes: 'multipart/form-data',
    querystring: querySchema,
    body: formSchema,
    response: { 201: answerSchema(uploadFields) },
  };
  http.post(
    '/api/uploads',
    { config: { auth: 'optional', streams: true }, schema },
    async (request, reply) => {
      const uploader = uploaderOf(request.identity);
      const isPrivate = isPrivateIn(request.query as Readonly<Record<string, unknown>>);
      const upload = await uploads.keep(uploader, filePart(request.raw, maxBytes), { isPrivate });
      return reply.code(201).header('location', upload.url).send(upload);
    },
  );
}

function registerDeleting(http: FastifyInstance, { uploads }: UploadRoutesDeps): void {
  const summary = 'Delete a file of the caller; staff deletes any. 409 while a record has it';
  const response = { 204: { type: 'null' } };
  http.delete<{ Params: { id: string } }>(
    '/api/uploads/:id',
    { config: { auth: 'optional' }, schema: { summary, tags, params, response } },
    async (request, reply) => {
      uploaderOf(request.identity);
      await uploads.delete(request.identity, request.params.id);
      return reply.code(204).send();
    },
  );
}

/** @throws CodedError VALIDATION_FAILED: whoever means a file to be private must not get a public one by a slip. */
function isPrivateIn(query: Readonly<Record<string, unknown>>): boolean {
  const { private: told = 'false', ...others } = query;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    const issue = { en: 'is not a known parameter', zh: '是未知参数' };
    throw errors.VALIDATION_FAILED({ details: [{ path: unknown.slice(0, 64), issue }] });
  }
  if (told === 'true' || told === 'false') return told === 'true';
  const issue = { en: 'must be true or false', zh: '应为 true 或 false' };
  throw errors.VALIDATION_FAILED({ details: [{ path: 'private', issue }] });
}
