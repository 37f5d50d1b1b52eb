import { PROTOCOL_VERSION } from '../protocol/messages.ts';

/** Set for workers whose keeper looks where connections belong. */
export const STICKY_ENV = 'KEEPER_STICKY_SESSIONS';

// Engine.IO's own ids have 20 characters.
const SESSION_LIMIT = 128;

/** What a worker tells of a session that it has begun. */
export interface SessionMessage {
  readonly maque: number;
  readonly type: 'session';
  readonly session: string;
}

export function sessionMessage(session: string): SessionMessage {
  return { maque: PROTOCOL_VERSION, type: 'session', session };
}

/** The session that a worker tells of; undefined for anything else. */
export function readSession(raw: unknown): string | undefined {
  const { maque, type, session } = (raw ?? {}) as Partial<Record<keyof SessionMessage, unknown>>;
  if (maque !== PROTOCOL_VERSION || type !== 'session' || typeof session !== 'string') return undefined;
  return session.length <= SESSION_LIMIT ? session : undefined;
}
