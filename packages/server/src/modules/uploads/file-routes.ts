import { errors } from '@maque/contract';
import { type Clock, DAY, type Milliseconds, SECOND } from '@maque/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BodyMemory } from '../../http/body-memory.ts';
import type { TrackedRequest } from '../../http/exchange.ts';
import { isFresh } from '../../http/is-fresh.ts';
import { countPassing } from '../../http/passing-bytes.ts';
import { type ByteRange, type FileLink, type FileStore, fileStoreErrors } from '../../ports/index.ts';
import { requestedRange } from './byte-range.ts';
import { etagOf, type ServedFile, wholeFile } from './served-file.ts';
import { isPicture, type Thumbnails, thumbnailName } from './thumbnails.ts';
import { THUMBNAIL_PIXELS, type ThumbnailPixels } from './upload-address.ts';
import type { UploadLinks } from './upload-link.ts';
import type { UploadService } from './upload-service.ts';
import type { UploadRow } from './upload-store.ts';

export interface FileRoutesDeps {
  readonly uploads: Pick<UploadService, 'find'>;
  readonly files: Pick<FileStore, 'open' | 'direct'>;
  /** Undefined where whole pictures are sent instead. */
  readonly thumbnails: Thumbnails | undefined;
  readonly links: UploadLinks;
  readonly bodies: Pick<BodyMemory, 'admitFile'>;
  readonly clock: Clock;
}

/** A file never changes under its address; a day bounds how long a deleted one lives on in phones and proxies. */
const MAX_AGE: Milliseconds = DAY;
/** Should a browser take one for a page all the same, nothing in it runs. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; sandbox";

const binary = { contentMediaType: 'application/octet-stream' };
const params = { type: 'object', properties: { id: { type: 'string', maxLength: 32 } }, required: ['id'] };
const querystring = {
  type: 'object',
  properties: {
    size: {
      type: 'integer',
      enum: THUMBNAIL_PIXELS,
      description: 'Pixels that no side of a picture exceeds',
    },
    expires: { type: 'string', description: 'Of a signed link to a private file' },
    signature: { type: 'string' },
  },
};

/** What somebody asks for who asks for a file. */
interface Wish {
  readonly upload: UploadRow;
  /** Of a thumbnail; undefined for the file itself. */
  readonly pixels: ThumbnailPixels | undefined;
  /** When the link ends by which it is asked for, in milliseconds since the epoch; undefined for what is public. */
  readonly endsAtMs: number | undefined;
}

/** `GET` and `HEAD /api/uploads/:id`. */
export function registerFileRoutes(http: FastifyInstance, deps: FileRoutesDeps): void {
  const config = { auth: 'public', streams: true } as const;
  const summary = 'Load a file or a thumbnail of it, or hear where: 302 to a link that lasts an hour or two';
  const schema = { summary, tags: ['uploads'], params, querystring, response: { 200: binary } };
  const wishOf = (request: FastifyRequest) => readWish(request, deps);
  http.get('/api/uploads/:id', { config, schema, exposeHeadRoute: false }, async (request, reply) =>
    send(await wishOf(request), request, reply, deps),
  );
  http.head('/api/uploads/:id', { config }, async (request, reply) => {
    const wish = await wishOf(request);
    const { direct } = deps.files;
    if (direct !== undefined && wish.pixels !== undefined) return send(wish, request, reply, deps);
    const cacheControl = cacheControlOf(wish, deps);
    if (isFresh(request.headers['if-none-match'], etagOfWish(wish))) {
      return sendUnchanged(wish, reply, cacheControl);
    }
    const file = await fileOf(wish, deps);
    return reply.headers({ ...headersOf(file, cacheControl), 'content-length': file.bytes }).send(null);
  });
}

/** @throws CodedError NOT_FOUND, FILE_PRIVATE, VALIDATION_FAILED for a size that there is not, THUMBNAIL_UNSUPPORTED */
async function readWish({ params, query }: FastifyRequest, deps: FileRoutesDeps): Promise<Wish> {
  const { size, expires, signature } = query as Readonly<Record<string, unknown>>;
  const pixels = pixelsIn(size);
  const upload = await deps.uploads.find((params as { readonly id: string }).id);
  const endsAtMs = upload.isPrivate ? deps.links.endOf(upload.id, { expires, signature }) : undefined;
  if (upload.isPrivate && endsAtMs === undefined) throw errors.FILE_PRIVATE();
  if (pixels !== undefined && !isPicture(upload)) throw errors.THUMBNAIL_UNSUPPORTED();
  return { upload, pixels: deps.thumbnails === undefined ? undefined : pixels, endsAtMs };
}

function pixelsIn(size: unknown): ThumbnailPixels | undefined {
  const pixels = THUMBNAIL_PIXELS.find((known) => String(known) === size);
  if (pixels !== undefined || size === undefined) return pixels;
  const issue = { en: 'must be one of {sizes}', zh: '应为 {sizes} 之一' };
  const data = { sizes: THUMBNAIL_PIXELS.join(', ') };
  throw errors.VALIDATION_FAILED({ details: [{ path: 'size', issue, data }] });
}

/** What is sent or linked to: the file itself where the store makes its thumbnails. @throws CodedError as `Thumbnails.of`. */
function fileOf(
  { upload, pixels }: Wish,
  { files, thumbnails }: FileRoutesDeps,
): Promise<ServedFile> | ServedFile {
  const isWhole = pixels === undefined || thumbnails === undefined || files.direct?.makesThumbnails === true;
  return isWhole ? wholeFile(upload) : thumbnails.of(upload, pixels);
}

async function send(
  wish: Wish,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: FileRoutesDeps,
): Promise<FastifyReply> {
  const { direct } = deps.files;
  const cacheControl = cacheControlOf(wish, deps);
  // Who has loaded it from the store has the store's ETag.
  if (direct === undefined && isFresh(request.headers['if-none-match'], etagOfWish(wish))) {
    return sendUnchanged(wish, reply, cacheControl);
  }
  const file = await fileOf(wish, deps);
  if (direct === undefined) return sendFile(file, cacheControl, request, reply, deps);
  const { pixels, endsAtMs } = wish;
  const link = direct.link(file.key, {
    disposition: file.disposition,
    ...(endsAtMs === undefined ? {} : { endsAtMs }),
    ...(pixels === undefined || !direct.makesThumbnails ? {} : { thumbnailPixels: pixels }),
  });
  return sendElsewhere(link, wish, reply);
}

async function sendFile(
  file: ServedFile,
  cacheControl: string,
  request: FastifyRequest,
  reply: FastifyReply,
  { files, bodies }: FileRoutesDeps,
): Promise<FastifyReply> {
  const range = rangeOf(file, request, reply);
  const bytes = range === undefined ? file.bytes : range.end - range.start + 1;
  if (!bodies.admitFile(request.raw as TrackedRequest, bytes)) {
    throw errors.OVERLOADED({ retryAfterSeconds: 1 });
  }
  const opened = await files.open(file.key, range);
  if (opened === undefined) throw errors.NOT_FOUND();
  reply.raw.once('pipe', (content) => content.on('data', ({ length }: Buffer) => countPassing(length)));
  if (range !== undefined) {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  }
  return reply.headers({ ...headersOf(file, cacheControl), 'content-length': bytes }).send(opened.content);
}

/** What a private file is loaded by ends, and so does what browsers keep of it; nobody else may keep it. */
function cacheControlOf({ endsAtMs }: Wish, { clock }: FileRoutesDeps): string {
  if (endsAtMs === undefined) return `public, max-age=${MAX_AGE / SECOND}, immutable`;
  return `private, max-age=${Math.floor((endsAtMs - clock.now()) / SECOND)}, immutable`;
}

function etagOfWish({ upload, pixels }: Wish): string {
  return etagOf(pixels === undefined ? upload.id : thumbnailName(upload, pixels));
}

function sendUnchanged(wish: Wish, reply: FastifyReply, cacheControl: string): FastifyReply {
  return reply
    .code(304)
    .headers({ etag: etagOfWish(wish), 'cache-control': cacheControl })
    .send();
}

/** No ETag: who has loaded the file asks the store for it, and the link does not last. */
function sendElsewhere({ url, freshMs }: FileLink, { endsAtMs }: Wish, reply: FastifyReply): FastifyReply {
  const scope = endsAtMs === undefined ? 'public' : 'private';
  return reply
    .header('cache-control', `${scope}, max-age=${Math.floor(freshMs / SECOND)}`)
    .redirect(url, 302);
}

/** What makes bytes of users safe to load: the type that they have, a name of ours, and no way to run. */
function headersOf({ etag, type, disposition }: ServedFile, cacheControl: string): Record<string, string> {
  return {
    etag,
    'cache-control': cacheControl,
    'content-type': type,
    'accept-ranges': 'bytes',
    'content-disposition': disposition,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
  };
}

/** The part that is asked for; undefined for all. @throws CodedError FILE_RANGE_INVALID when it is not in the file. */
function rangeOf(
  { etag, bytes }: ServedFile,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): ByteRange | undefined {
  // Whoever has a part of another file than this one gets all of it (RFC 9110 §13.1.5).
  if (headers['if-range'] !== undefined && headers['if-range'] !== etag) return undefined;
  const range = requestedRange(headers.range, bytes);
  if (range !== 'outside') return range;
  reply.header('content-range', `bytes */${bytes}`);
  throw fileStoreErrors.FILE_RANGE_INVALID({ data: { bytes } });
}
