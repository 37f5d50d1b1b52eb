import { errors } from '@maque/contract';
import type { Bytes, CodedError } from '@maque/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Logger } from '../logging/logger.ts';
import { codedErrorOf, errorBody, languageOf } from './wire-error.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

/** Answers faults in the wire's form and logs those that are ours. */
export function answerErrors(http: FastifyInstance, options: { bodyLimit: Bytes; log: Logger }): void {
  const answer = errorAnswerer(options);
  http.setErrorHandler(answer);
  http.setNotFoundHandler((request, reply) => answer(missing(http, request, reply), request, reply));
}

/** The same for faults that come before any route, such as an address that cannot be decoded. */
export function errorAnswerer(options: { bodyLimit: Bytes; log: Logger }) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const language = languageOf(request);
    const error = codedErrorOf(thrown, options);
    // The client went away while it was sending: nobody is left to answer.
    if (reply.raw.destroyed) {
      reply.hijack();
      return;
    }
    if (error.status >= 500) logFault(options.log, error, request);
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

function missing(http: FastifyInstance, request: FastifyRequest, reply: FastifyReply): CodedError {
  const path = request.url.split('?', 1)[0] ?? '';
  const allowed = METHODS.filter((method) => http.findRoute({ method, url: path }) !== null);
  if (allowed.length === 0) return errors.NOT_FOUND();
  reply.header('allow', allowed.join(', '));
  return errors.METHOD_NOT_ALLOWED();
}
