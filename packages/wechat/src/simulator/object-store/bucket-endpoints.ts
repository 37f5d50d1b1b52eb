import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Bytes, type Clock, GiB, MiB } from '@maque/kit';
import type { ObjectStoreKind } from '../../object-store/index.ts';
import type { ArrivedRequest, SimulatedAccount } from './arrived-request.ts';
import { checkCosForm, checkCosSignature } from './check-cos-signature.ts';
import { checkPolicy } from './check-policy.ts';
import { checkV4Form, checkV4Signature } from './check-v4-signature.ts';
import { readForm } from './form-reader.ts';
import type { ObjectShelf, ShelvedObject } from './object-shelf.ts';
import type { OssCallbackSender } from './oss-callback-sender.ts';
import { escapeXml, HEADER_PREFIX, StoreRefusal } from './store-refusal.ts';

export interface Bucket {
  readonly account: SimulatedAccount;
  readonly shelf: ObjectShelf;
  readonly callbacks: OssCallbackSender;
  readonly clock: Clock;
}

const FIVE_GIB: Bytes = 5 * GiB;
const MAX_DRAINED: Bytes = 256 * MiB;

/** Does with the bucket what a request asks for. @throws StoreRefusal */
export async function answerRequest(
  bucket: Bucket,
  request: ArrivedRequest,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const key = keyOf(bucket.account, request.path);
  if (request.method === 'POST' && key === '') return receiveForm(bucket, request, message, response);
  checkSignature(bucket, request, key);
  if (key === '') throw new StoreRefusal(501, 'NotImplemented', 'Only objects are simulated.');
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return sendObject(bucket, request, key, response);
    case 'PUT':
      return request.headers[`${HEADER_PREFIX[bucket.account.kind]}copy-source`] === undefined
        ? receiveObject(bucket, request, key, message, response)
        : copyObject(bucket, request, key, response);
    case 'DELETE':
      await bucket.shelf.delete(key);
      response.writeHead(204).end();
      return;
    default:
      throw new StoreRefusal(405, 'MethodNotAllowed', 'The method is not allowed here.');
  }
}

/** The key that a path names: S3 has the bucket in it. */
function keyOf({ kind, bucket }: SimulatedAccount, path: string): string {
  if (kind !== 's3') return path.slice(1);
  if (path !== `/${bucket}` && !path.startsWith(`/${bucket}/`)) {
    throw new StoreRefusal(404, 'NoSuchBucket', 'The specified bucket does not exist.');
  }
  return path.slice(bucket.length + 2);
}

function checkSignature({ account, clock }: Bucket, request: ArrivedRequest, key: string): void {
  const { kind, bucket } = account;
  if (kind === 'cos') checkCosSignature(request, account, clock.now());
  else checkV4Signature(request, `/${bucket}/${key}`, kind, account, clock.now());
}

async function receiveForm(
  { account, shelf, callbacks, clock }: Bucket,
  { headers }: ArrivedRequest,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { kind, bucket } = account;
  const { fields, fileName, file } = await readForm(headers['content-type'], bytesOf(message));
  const nowMs = clock.now();
  const policy = Buffer.from(fields.policy ?? '', 'base64').toString('utf8');
  if (kind === 'cos') checkCosForm(fields, policy, account, nowMs);
  else checkV4Form(fields, kind, account, nowMs);
  const limits = checkPolicy({ policy, fields, bucket, nowMs, isStrict: kind === 's3' });
  const key = (fields.key ?? '').replaceAll('$' + '{filename}', fileName);
  if (key === '') throw new StoreRefusal(400, 'InvalidArgument', 'There is no key in the form.');
  const contentType = fields['content-type'] ?? 'application/octet-stream';
  const object = await shelf.put(key, file, { contentType, limits, nowMs });
  const { bytes, etag } = object;
  const answer =
    kind === 'oss' && fields.callback !== undefined
      ? await callbacks.send(fields.callback, { bucket, key, bytes, contentType, etag }, fields)
      : undefined;
  await drain(message);
  const status = ['200', '201'].includes(fields.success_action_status ?? '') ? 200 : 204;
  response.writeHead(answer === undefined ? status : 200, { etag, 'content-type': 'application/json' });
  response.end(answer);
}

async function receiveObject(
  { shelf, clock }: Bucket,
  { headers }: ArrivedRequest,
  key: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (headers['content-length'] === undefined) {
    throw new StoreRefusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const contentType = headers['content-type'] ?? 'application/octet-stream';
  const limits = { minBytes: 0, maxBytes: FIVE_GIB };
  const { etag } = await shelf.put(key, bytesOf(message), { contentType, limits, nowMs: clock.now() });
  response.writeHead(200, { etag }).end();
}

async function copyObject(
  { account, shelf, clock }: Bucket,
  { headers }: ArrivedRequest,
  key: string,
  response: ServerResponse,
): Promise<void> {
  const prefix = HEADER_PREFIX[account.kind];
  const source = decodeURIComponent(headers[`${prefix}copy-source`] ?? '');
  // `/bucket/key`, or for COS the bucket's host and then the key.
  const from = source.replace(/^\/?[^/]+\//, '');
  const object = shelf.get(from);
  if (object === undefined) throw noSuchKey();
  const contentType = isReplacing(account.kind, headers[`${prefix}metadata-directive`])
    ? (headers['content-type'] ?? 'application/octet-stream')
    : object.contentType;
  const { etag, modifiedAtMs } = await shelf.copy({ ...object, contentType }, key, clock.now());
  const at = new Date(modifiedAtMs).toISOString();
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<CopyObjectResult><ETag>${escapeXml(etag)}</ETag><LastModified>${at}</LastModified></CopyObjectResult>`,
  );
}

/** Whether a copy is kept as the request says, and not as its source is. @throws StoreRefusal InvalidArgument */
function isReplacing(kind: ObjectStoreKind, directive: string | undefined): boolean {
  const [copy, replace] = kind === 'cos' ? ['Copy', 'Replaced'] : ['COPY', 'REPLACE'];
  if (directive === replace) return true;
  if (directive === undefined || directive === copy) return false;
  throw new StoreRefusal(400, 'InvalidArgument', 'There is no such metadata directive.');
}

async function sendObject(
  { account, shelf }: Bucket,
  { method, headers, query }: ArrivedRequest,
  key: string,
  response: ServerResponse,
): Promise<void> {
  // Against pages in disguise (help.aliyun.com, error 0017-00000902).
  if (account.kind === 'oss' && query['response-content-type'] !== undefined) {
    throw new StoreRefusal(400, 'InvalidRequest', 'Can not override response header on content-type');
  }
  const object = shelf.get(key);
  if (object === undefined) throw noSuchKey();
  const isLenient = account.kind === 'oss' && headers['x-oss-range-behavior'] !== 'standard';
  const range = rangeOf(headers.range, object, isLenient);
  const { start, end } = range ?? { start: 0, end: object.bytes - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': query['response-content-type'] ?? object.contentType,
    ...told(query, 'content-disposition'),
    ...told(query, 'cache-control'),
    'content-length': end - start + 1,
    'last-modified': new Date(object.modifiedAtMs).toUTCString(),
    'accept-ranges': 'bytes',
    etag: object.etag,
    ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${object.bytes}` }),
  });
  if (method === 'HEAD' || object.bytes === 0) response.end();
  else
    await pipeline(createReadStream(object.path, { start, end }), response).catch(() => response.destroy());
}

/** The body; who stops reading it can still be answered. */
function bytesOf(message: IncomingMessage): AsyncIterable<Buffer> {
  return message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

/** Reads what is left of a body: most clients hear an answer only when they have sent everything. */
export async function drain(message: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of bytesOf(message)) {
    bytes += chunk.length;
    if (bytes > MAX_DRAINED) return void message.destroy();
  }
}

/** What the signer of a request wants a header of the answer to be. */
function told(query: ArrivedRequest['query'], name: string): Record<string, string> {
  const value = query[`response-${name}`];
  return value === undefined ? {} : { [name]: value };
}

/** @param isLenient whether a range that is not wholly inside is for all of the object, as OSS has it unless told. */
function rangeOf(
  header: string | undefined,
  { bytes }: ShelvedObject,
  isLenient: boolean,
): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  const isInside = Number(first) < bytes && (first === '' ? Number(last) <= bytes : Number(last) < bytes);
  if (isLenient && !isInside) return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start < bytes && start <= end) return { start, end };
  const contentRange = { 'content-range': `bytes */${bytes}` };
  throw new StoreRefusal(416, 'InvalidRange', 'The requested range cannot be satisfied.', contentRange);
}

function noSuchKey(): StoreRefusal {
  return new StoreRefusal(404, 'NoSuchKey', 'The specified key does not exist.');
}
