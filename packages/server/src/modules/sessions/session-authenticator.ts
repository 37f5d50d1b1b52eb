import { errors } from '@maque/contract';
import { ByteCache, type Bytes, type Clock, type Milliseconds } from '@maque/kit';
import type { Authenticator } from '../../http/authenticate.ts';
import type { Database, Identity, MessageBus } from '../../ports/index.ts';
import { STANDINGS_CHANGED } from './session-service.ts';
import { findStaffStanding, findUserStanding } from './standing-store.ts';
import type { TokenClaims, TokenSigner } from './token.ts';

/**
 * A revoked session must be refused everywhere within this time even if the notice of it was lost (a worker that dies
 * takes its notices along). The price is one read by primary key, about 10 µs, for each user every ten seconds.
 */
const RECHECK_MS: Milliseconds = 10_000;
/** Identity, times and the entry itself, rounded up; the token's own text is counted by the cache as its key. */
const KNOWN_TOKEN_BYTES: Bytes = 250;

/** Who is behind a token, as long as nothing about them changes. */
export interface Standing {
  readonly identity: Identity;
  /** Milliseconds since the epoch; infinite for what does not end by itself. */
  readonly expiresAtMs: number;
}

interface KnownToken extends Standing {
  /** Monotonic time at which the database last said so. */
  readonly checkedAtMs: Milliseconds;
}

/** What reads tokens that are no session's. */
export interface KeyReader {
  /** Whether a token is one of these, by its looks. */
  isKey(token: string): boolean;
  /** @throws CodedError TOKEN_INVALID, TOKEN_EXPIRED. */
  find(key: string): Promise<Standing>;
}

export interface SessionAuthenticatorOptions {
  readonly database: Database;
  readonly signer: TokenSigner;
  readonly keys: KeyReader;
  /** Whether members of staff without an authenticator may do nothing but set one up. */
  readonly demandsTotp: boolean;
  readonly bus: MessageBus;
  readonly clock: Clock;
  /** Bound of what is remembered of tokens: about 1 KiB each. */
  readonly maxBytes: Bytes;
}

/**
 * Tells who is behind a token, with their roles. A token seen before costs a look into a map (0.3 µs); a new one its
 * signature and a look for its session (20 µs). When any session, key or role changes, all that is remembered must be
 * confirmed by the database once.
 */
export class SessionAuthenticator implements Authenticator {
  readonly #options: SessionAuthenticatorOptions;
  readonly #known: ByteCache<KnownToken>;
  readonly #unsubscribe: () => void;
  #staleUpToMs: Milliseconds = Number.NEGATIVE_INFINITY;

  constructor(options: SessionAuthenticatorOptions) {
    const { bus, clock, maxBytes } = options;
    this.#options = options;
    this.#known = new ByteCache({ maxBytes, sizeOf: () => KNOWN_TOKEN_BYTES, clock });
    this.#unsubscribe = bus.subscribe(STANDINGS_CHANGED, () => {
      this.#staleUpToMs = clock.monotonic();
    });
  }

  /** @throws CodedError TOKEN_INVALID or TOKEN_EXPIRED, at once or by rejection. */
  identify(token: string): Identity | Promise<Identity> {
    const { clock } = this.#options;
    const known = this.#known.get(token);
    if (known === undefined) return this.#check(token, this.#read(token));
    if (known.expiresAtMs <= clock.now()) throw errors.TOKEN_EXPIRED();
    const isFresh =
      known.checkedAtMs > this.#staleUpToMs && clock.monotonic() - known.checkedAtMs < RECHECK_MS;
    return isFresh ? known.identity : this.#check(token, this.#read(token));
  }

  close(): void {
    this.#unsubscribe();
    this.#known.clear();
  }

  /** What asks the database about a token that looks right. @throws CodedError TOKEN_INVALID, TOKEN_EXPIRED. */
  #read(token: string): () => Promise<Standing> {
    const { keys, signer } = this.#options;
    if (keys.isKey(token)) return () => keys.find(token);
    const claims = signer.verify(token);
    return () => this.#standingOf(claims);
  }

  async #check(token: string, find: () => Promise<Standing>): Promise<Identity> {
    // Taken before the read: a revocation that arrives while it runs must count.
    const checkedAtMs = this.#options.clock.monotonic();
    try {
      const standing = await find();
      this.#known.set(token, { ...standing, checkedAtMs });
      return standing.identity;
    } catch (error) {
      this.#known.delete(token);
      throw error;
    }
  }

  async #standingOf({ kind, ownerId, sessionId, expiresAtMs }: TokenClaims): Promise<Standing> {
    const { database, demandsTotp } = this.#options;
    if (kind === 'user') {
      const user = await findUserStanding(database, sessionId);
      if (user?.ownerId !== ownerId) throw errors.TOKEN_INVALID();
      const { roles } = user;
      return { identity: Object.freeze({ kind, userId: ownerId, sessionId, roles }), expiresAtMs };
    }
    const member = await findStaffStanding(database, sessionId);
    if (member?.ownerId !== ownerId) throw errors.TOKEN_INVALID();
    if (demandsTotp && !member.hasTotp) {
      const identity: Identity = {
        kind: 'staff',
        adminId: ownerId,
        sessionId,
        roles: [],
        mustSetUpTotp: true,
      };
      return { identity: Object.freeze(identity), expiresAtMs };
    }
    const { roles } = member;
    const identity: Identity = roles.includes('admin')
      ? { kind: 'admin', adminId: ownerId, sessionId }
      : { kind: 'staff', adminId: ownerId, sessionId, roles };
    return { identity: Object.freeze(identity), expiresAtMs };
  }
}
