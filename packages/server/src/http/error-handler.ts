import { errors } from '@maque/contract';
import type { Bytes, CodedError } from '@maque/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import { Refusal } from './refusal.ts';
import { codedErrorOf, errorBody, languageOf } from './wire-error.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

export interface ErrorAnswers {
  readonly bodyLimit: Bytes;
  readonly log: Logger;
  /** Why nothing is served at a path, as far as that is known. Where this is given, refusals are logged with their reasons. */
  readonly whyMissing?: ((method: string, path: string) => string | undefined) | undefined;
}

/** Answers faults in the wire's form and logs those that are ours. */
export function answerErrors(http: FastifyInstance, options: ErrorAnswers): void {
  const answer = errorAnswerer(options);
  http.setErrorHandler(answer);
  http.setNotFoundHandler((request, reply) => answer(missing(http, request, reply, options), request, reply));
}

/** The same for faults that come before any route, such as an address that cannot be decoded. */
export function errorAnswerer(options: ErrorAnswers) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const language = languageOf(request);
    const error = codedErrorOf(thrown, options);
    // The client went away while it was sending: nobody is left to answer.
    if (reply.raw.destroyed) {
      reply.hijack();
      return;
    }
    if (error.status >= 500) logFault(options.log, error, request);
    else if (options.whyMissing !== undefined) explain(options.log, error, request);
    // What is too large is not read to its end.
    if (error.status === 413) reply.header('connection', 'close');
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
    reply.code(error.status).send(errorBody(error, language, request.id));
  };
}

function logFault(log: Logger, error: CodedError, request: FastifyRequest): void {
  const facts = { request: request.id, code: error.code, err: error.cause ?? error };
  if (error.code === 'INTERNAL') log.error(facts, 'a request failed');
  else log.warn(facts, 'a request could not be served');
}

function explain(log: Logger, { code, cause }: CodedError, { method, url }: FastifyRequest): void {
  if (!(cause instanceof Refusal)) return;
  log.warn({ request: `${method} ${pathOf(url)}`, code, why: cause.why }, 'a request was refused');
}

function missing(
  http: FastifyInstance,
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  { whyMissing }: ErrorAnswers,
): CodedError {
  const path = pathOf(url);
  const why = whyMissing?.(method, path);
  const reason = why === undefined ? {} : { cause: new Refusal(why) };
  const allowed = METHODS.filter((one) => http.findRoute({ method: one, url: path }) !== null);
  if (allowed.length === 0) return errors.NOT_FOUND(reason);
  reply.header('allow', allowed.join(', '));
  return errors.METHOD_NOT_ALLOWED(reason);
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
