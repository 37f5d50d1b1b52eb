import type { FastifyRequest } from 'fastify';
import type { SessionOrigin } from './session-service.ts';

/** WeChat's own names have 150 to 250 characters, and the telling part of them comes first. */
const MOST_DEVICE = 160;

/** Where a login comes from, for the list of sessions that its owner sees. */
export function originOf(request: FastifyRequest): Omit<SessionOrigin, 'appId'> {
  const device = request.headers['user-agent'];
  return { ip: request.ip, device: device === undefined ? null : device.slice(0, MOST_DEVICE) };
}
