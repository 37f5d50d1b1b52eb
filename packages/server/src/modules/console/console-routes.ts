import { readFile } from 'node:fs/promises';
import { errors } from '@maque/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isFresh } from '../../http/is-fresh.ts';
import { type ConsoleFile, listConsoleFiles } from './console-files.ts';

/** The console is our own code and talks to this server only; nothing else may run in it, frame it or be sent to. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const MISSING =
  '<!doctype html><meta charset="utf-8"><title>Maque</title><p>The console is not built: run <code>npm run build</code>.<p>控制台尚未构建：请执行 <code>npm run build</code>。';

/** Serves the web console at `/_/` from a folder of static files. */
export function registerConsoleRoutes(http: FastifyInstance, deps: { folder: string | undefined }): void {
  const files = deps.folder === undefined ? new Map<string, ConsoleFile>() : listConsoleFiles(deps.folder);
  const config = { auth: 'public' } as const;

  http.get('/_', { config }, (_request, reply) => reply.redirect('/_/', 308));
  http.get<{ Params: { '*': string } }>('/_/*', { config }, (request, reply) => {
    const name = request.params['*'] === '' ? 'index.html' : request.params['*'];
    setSecurityHeaders(reply);
    if (files.size === 0) return reply.code(503).type('text/html; charset=utf-8').send(MISSING);
    const file = files.get(name);
    if (file === undefined) throw errors.NOT_FOUND();
    return sendFile(file, request, reply);
  });
}

function setSecurityHeaders(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  });
}

async function sendFile(file: ConsoleFile, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  reply.headers({
    etag: file.etag,
    // The page itself is asked for each time, so that a new version is seen at once; what it loads is named by content.
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  if (isFresh(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  // Read each time: only admins load it, once per version, and a cache would hold it in every worker for ever.
  return reply.type(file.type).send(await readFile(file.path));
}
