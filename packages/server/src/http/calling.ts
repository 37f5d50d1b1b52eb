import { errors } from '@maque/contract';
import type { FastifyRequest } from 'fastify';
import type { Identity } from '../ports/identity.ts';

type User = Extract<Identity, { kind: 'user' }>;
type Member = Extract<Identity, { kind: 'admin' | 'staff' }>;

/** The user who calls a route that demands one. @throws CodedError AUTH_REQUIRED on a route that does not. */
export function callingUser(request: FastifyRequest): User {
  if (request.identity.kind !== 'user') throw errors.AUTH_REQUIRED();
  return request.identity;
}

/**
 * The member of staff who calls a route of `staff` or `admin`.
 * @throws CodedError FORBIDDEN for a machine: whom to let in is for people to say, or a stolen key makes more of itself.
 */
export function callingMember(request: FastifyRequest): Member {
  const { identity } = request;
  if (identity.kind !== 'admin' && identity.kind !== 'staff') throw errors.FORBIDDEN();
  return identity;
}
