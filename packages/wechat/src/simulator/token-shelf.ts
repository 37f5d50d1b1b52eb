import { randomBytes } from 'node:crypto';
import { type Clock, HOUR, MINUTE, type Milliseconds, SECOND } from '@maque/kit';

const LIFETIME: Milliseconds = 2 * HOUR;

/** How long the old token works beside the new one; also how long before its end a stable token is renewed. */
export const OVERLAP: Milliseconds = 5 * MINUTE;

// Tokens that have ended are remembered to tell "expired" from "never heard of".
const MAX_REMEMBERED = 32;

interface IssuedToken {
  readonly token: string;
  endsAtMs: Milliseconds;
  killed: boolean;
}

/** What a token endpoint answers. */
export interface TokenAnswer {
  readonly access_token: string;
  /** Seconds left. */
  readonly expires_in: number;
}

/** The tokens that one endpoint has given out. */
export class TokenShelf {
  #tokens: IssuedToken[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The newest token, unless it was killed or has ended. */
  current(): IssuedToken | undefined {
    const newest = this.#tokens.at(-1);
    return newest !== undefined && this.#isGood(newest) ? newest : undefined;
  }

  issue(): IssuedToken {
    // 136 characters, about what WeChat's have; it asks for room for 512.
    const token = `90_${randomBytes(99).toString('base64url')}x`;
    const issued = { token, endsAtMs: this.#clock.monotonic() + LIFETIME, killed: false };
    this.#tokens = [...this.#tokens.slice(1 - MAX_REMEMBERED), issued];
    return issued;
  }

  /** What the API says to a token: good, 42001 once it has ended, 40001 when it was killed, undefined if it is not ours. */
  verdict(token: string): 'good' | 'ended' | 'killed' | undefined {
    const found = this.#tokens.find((issued) => issued.token === token);
    if (found === undefined) return undefined;
    if (found.killed) return 'killed';
    return this.#isGood(found) ? 'good' : 'ended';
  }

  /** Every token given out so far dies at once. */
  killAll(): void {
    for (const issued of this.#tokens) issued.killed = true;
  }

  leftMs(issued: IssuedToken): Milliseconds {
    return issued.endsAtMs - this.#clock.monotonic();
  }

  answer(issued: IssuedToken): TokenAnswer {
    return { access_token: issued.token, expires_in: Math.floor(this.leftMs(issued) / SECOND) };
  }

  /** What may be shown of the tokens that still work, the newest first. */
  masked(): { readonly token: string; readonly leftSeconds: number }[] {
    return this.#tokens
      .filter((issued) => this.#isGood(issued))
      .map((issued) => ({
        token: `${issued.token.slice(0, 6)}…${issued.token.slice(-4)}`,
        leftSeconds: Math.floor(this.leftMs(issued) / SECOND),
      }))
      .reverse();
  }

  #isGood(issued: IssuedToken): boolean {
    return !issued.killed && this.leftMs(issued) > 0;
  }
}
