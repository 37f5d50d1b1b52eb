import { randomBytes } from 'node:crypto';
import type { Clock, Milliseconds } from '@maque/kit';
import type { Database, DatabaseConnection, MessageBus } from '../../ports/index.ts';
import {
  deleteExpiredSessions,
  deleteSession,
  deleteSessionsOf,
  insertSession,
  sessionIdsOf,
} from './session-store.ts';
import type { TokenSigner } from './token.ts';

/** Told to every worker when sessions have ended before their time. */
export const SESSIONS_REVOKED = 'maque.sessions.revoked';

/**
 * A mini-program logs in silently at each cold start, so sessions pile up; the newest of one owner are kept. Ten are
 * a phone, a tablet, a developer's tools and some cold starts of each.
 */
const SESSIONS_PER_OWNER = 10;

export interface SessionOwner {
  readonly kind: 'user' | 'admin';
  readonly id: string;
}

export interface OpenedSession {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

export interface SessionServiceOptions {
  readonly database: Database;
  readonly signer: TokenSigner;
  readonly bus: MessageBus;
  readonly clock: Clock;
}

/** Begins and ends sessions. */
export class SessionService {
  readonly #options: SessionServiceOptions;

  constructor(options: SessionServiceOptions) {
    this.#options = options;
  }

  /**
   * Begins a session on a connection that the caller may have in a transaction. The oldest sessions of the same owner
   * end when there are more than ten.
   */
  async open(
    connection: DatabaseConnection,
    owner: SessionOwner,
    ttlMs: Milliseconds,
  ): Promise<OpenedSession> {
    const { clock, signer } = this.#options;
    const nowMs = clock.now();
    const expiresAtMs = nowMs + ttlMs;
    const sessionId = randomBytes(16).toString('base64url');
    await insertSession(connection, {
      id: sessionId,
      ownerKind: owner.kind,
      ownerId: owner.id,
      createdAt: nowMs,
      expiresAt: expiresAtMs,
    });
    const superfluous = (await sessionIdsOf(connection, owner.id)).slice(SESSIONS_PER_OWNER);
    for (const id of superfluous) await deleteSession(connection, id);
    return {
      token: signer.sign({ sessionId, kind: owner.kind, ownerId: owner.id, expiresAtMs }),
      expiresAtMs,
    };
  }

  /** Ends one session, in all workers at once. */
  async close(sessionId: string): Promise<void> {
    await deleteSession(this.#options.database, sessionId);
    this.#announce();
  }

  /** Ends every session of an owner, in all workers at once. */
  async closeAllOf(ownerId: string): Promise<void> {
    await deleteSessionsOf(this.#options.database, ownerId);
    this.#announce();
  }

  /** Clears away sessions that are over; answers how many. */
  deleteExpired(): Promise<number> {
    return deleteExpiredSessions(this.#options.database, this.#options.clock.now());
  }

  #announce(): void {
    // Which ones does not matter: every worker asks the database again about whatever it remembers.
    this.#options.bus.publish(SESSIONS_REVOKED, {});
  }
}
