import { randomBytes } from 'node:crypto';
import { errors, type SessionView } from '@maque/contract';
import type { Clock, Milliseconds } from '@maque/kit';
import type { Database, DatabaseConnection, MessageBus } from '../../ports/index.ts';
import { isoTime } from '../records/iso-time.ts';
import {
  deleteExpiredSessions,
  deleteSession,
  deleteSessionsOf,
  insertSession,
  type SessionRow,
  sessionsOf,
} from './session-store.ts';
import type { TokenSigner } from './token.ts';

/** Told to every worker when what a token is good for may have changed before its time. */
export const STANDINGS_CHANGED = 'maque.standings.changed';

/**
 * A mini-program logs in silently at each cold start, so sessions pile up; the newest of one owner are kept. Ten are
 * a phone, a tablet, a developer's tools and some cold starts of each.
 */
export const SESSIONS_PER_OWNER = 10;

export interface SessionOwner {
  readonly kind: 'user' | 'admin';
  readonly id: string;
}

/** Where a session was begun. */
export type SessionOrigin = Pick<SessionRow, 'appId' | 'ip' | 'device'>;

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

/** Begins, lists and ends sessions. */
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
    origin: SessionOrigin,
  ): Promise<OpenedSession> {
    const { clock, signer } = this.#options;
    const nowMs = clock.now();
    const expiresAtMs = nowMs + ttlMs;
    const sessionId = randomBytes(16).toString('base64url');
    await insertSession(connection, {
      ...origin,
      id: sessionId,
      ownerKind: owner.kind,
      ownerId: owner.id,
      createdAt: nowMs,
      expiresAt: expiresAtMs,
    });
    const superfluous = (await sessionsOf(connection, owner.id)).slice(SESSIONS_PER_OWNER);
    for (const { id } of superfluous) await deleteSession(connection, id, owner.id);
    return {
      token: signer.sign({ sessionId, kind: owner.kind, ownerId: owner.id, expiresAtMs }),
      expiresAtMs,
    };
  }

  /** What of an owner's has not ended, the newest first. @param currentId the session that asks. */
  async list(ownerId: string, currentId: string | undefined): Promise<readonly SessionView[]> {
    const { database, clock } = this.#options;
    const rows = await sessionsOf(database, ownerId);
    return rows
      .filter(({ expiresAt }) => expiresAt > clock.now())
      .map(({ id, createdAt, expiresAt, ...origin }) => ({
        ...origin,
        id,
        current: id === currentId,
        createdAt: isoTime(Math.floor(createdAt)),
        expiresAt: isoTime(Math.floor(expiresAt)),
      }));
  }

  /** Ends one session of an owner, in all workers at once. @throws CodedError NOT_FOUND when it is none of theirs. */
  async close(sessionId: string, ownerId: string): Promise<void> {
    if (!(await deleteSession(this.#options.database, sessionId, ownerId))) throw errors.NOT_FOUND();
    this.announce();
  }

  /** Ends every session of an owner, in all workers at once. @param exceptId one that stays. */
  async closeAllOf(ownerId: string, exceptId?: string): Promise<void> {
    await deleteSessionsOf(this.#options.database, ownerId, exceptId);
    this.announce();
  }

  /** Clears away sessions that are over; answers how many. */
  deleteExpired(): Promise<number> {
    return deleteExpiredSessions(this.#options.database, this.#options.clock.now());
  }

  /** Makes every worker ask the database again about whatever it remembers: sessions, keys or roles have changed. */
  announce(): void {
    this.#options.bus.publish(STANDINGS_CHANGED, {});
  }
}
