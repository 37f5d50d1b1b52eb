import { errors } from '@maque/contract';
import type { FastifyRequest } from 'fastify';
import type { Identity } from '../ports/identity.ts';

type User = Extract<Identity, { kind: 'user' }>;
type Admin = Extract<Identity, { kind: 'admin' }>;

/** The user who calls a route that demands one. @throws CodedError AUTH_REQUIRED on a route that does not. */
export function callingUser(request: FastifyRequest): User {
  if (request.identity.kind !== 'user') throw errors.AUTH_REQUIRED();
  return request.identity;
}

/** The admin who calls a route that demands one. @throws CodedError AUTH_REQUIRED on a route that does not. */
export function callingAdmin(request: FastifyRequest): Admin {
  if (request.identity.kind !== 'admin') throw errors.AUTH_REQUIRED();
  return request.identity;
}
