import type { FastifyRequest } from 'fastify';
import type { SessionOrigin } from './session-service.ts';

/** WeChat's own names have 150 to 250 characters, and the telling part of them comes first. */
const MOST_DEVICE = 160;
/** The longest form of an IPv6 address (RFC 4291 §2.2); a proxy may pass on anything. */
const MOST_ADDRESS = 45;

/** Where a login comes from, for the list of sessions that its owner sees. */
export function originOf(request: FastifyRequest): Omit<SessionOrigin, 'appId'> {
  const device = request.headers['user-agent'];
  return { ip: addressOf(request), device: device === undefined ? null : device.slice(0, MOST_DEVICE) };
}

/** The client's address as it is kept. */
export function addressOf(request: FastifyRequest): string {
  return request.ip.slice(0, MOST_ADDRESS);
}
