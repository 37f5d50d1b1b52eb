import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { errors } from '@maque/contract';
import type { Clock } from '@maque/kit';

/** What a session token says. Signed, not secret: ids and times only. */
export interface TokenClaims {
  readonly sessionId: string;
  readonly kind: 'user' | 'admin';
  /** The id of the user, or of the member of staff: `admin` is what they are all called in tokens. */
  readonly ownerId: string;
  /** Milliseconds since the epoch; a token carries whole seconds. */
  readonly expiresAtMs: number;
}

/** `{"alg":"HS256","typ":"JWT"}`: the only header there is, so `none` and every other algorithm cannot even be asked for. */
const HEADER = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9';
/** Ours have 230 characters; a longer one is not worth a hash. */
const MAX_TOKEN_LENGTH = 512;

/**
 * Session tokens as JWT (RFC 7519) with HS256, in these few lines: the libraries for it cost 7 to 9 MiB of memory in
 * every worker (measured), most of it for algorithms that a server with one key must refuse anyway.
 */
export class TokenSigner {
  readonly #key: KeyObject;
  readonly #clock: Clock;

  /** @param key 32 random bytes. */
  constructor(key: Buffer, clock: Clock) {
    this.#key = createSecretKey(key);
    this.#clock = clock;
  }

  sign(claims: TokenClaims): string {
    const payload = JSON.stringify({
      sid: claims.sessionId,
      sub: claims.ownerId,
      kind: claims.kind,
      exp: Math.floor(claims.expiresAtMs / 1000),
    });
    const signed = `${HEADER}.${Buffer.from(payload).toString('base64url')}`;
    return `${signed}.${this.#signatureOf(signed)}`;
  }

  /** @throws CodedError TOKEN_INVALID for whatever this server has not signed, TOKEN_EXPIRED for what is over. */
  verify(token: string): TokenClaims {
    const end = token.lastIndexOf('.');
    const signed = token.slice(0, end);
    if (token.length > MAX_TOKEN_LENGTH || !signed.startsWith(`${HEADER}.`)) throw errors.TOKEN_INVALID();
    if (!areEqual(token.slice(end + 1), this.#signatureOf(signed))) throw errors.TOKEN_INVALID();
    // Signed by us, so its form is what `sign` made.
    const payload = JSON.parse(Buffer.from(signed.slice(HEADER.length + 1), 'base64url').toString());
    const expiresAtMs = payload.exp * 1000;
    if (expiresAtMs <= this.#clock.now()) throw errors.TOKEN_EXPIRED();
    return { sessionId: payload.sid, kind: payload.kind, ownerId: payload.sub, expiresAtMs };
  }

  #signatureOf(signed: string): string {
    return createHmac('sha256', this.#key).update(signed).digest('base64url');
  }
}

/** Compares in a time that does not tell how much is right. The length of a signature is no secret. */
function areEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
