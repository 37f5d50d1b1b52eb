import { type Clock, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { type AcquireOptions, acquireToken } from './acquire-token.ts';
import { type HeldToken, holdToken, SAFETY_MARGIN } from './held-token.ts';

// After a fetch that failed: 1, 2, 4 … 60 s. WeChat counts calls of the token endpoint (500,000 a day), and with an
// address that is not allowed each of them may page an administrator.
const FIRST_PAUSE: Milliseconds = SECOND;
const LONGEST_PAUSE: Milliseconds = MINUTE;

// When WeChat hands out the very token that it refuses, its servers may not have agreed yet: 1 to 2 s later, once more.
const SETTLING: Milliseconds = SECOND;

// And when it still does: how long its refusals are believed without asking the token endpoint again.
const UNCHANGED_FOR: Milliseconds = 10 * SECOND;

interface AccessTokensOptions extends AcquireOptions {
  readonly clock: Clock;
  readonly random: () => number;
}

/** What to use instead of a refused token. */
export interface Replacement {
  readonly token: string;
  /** WeChat insists on the very token that it refuses: if it still does, there is nothing more to try. */
  readonly last: boolean;
}

/**
 * The access token of one process: fetched once for all its callers, renewed in the background while the old one still
 * works, kept to its end when WeChat's token endpoint fails, never fetched by force.
 */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  #held: HeldToken | undefined;
  #flight: Promise<HeldToken> | undefined;
  #renewal: { readonly refused: string; readonly done: Promise<Replacement> } | undefined;
  #unchanged: { readonly token: string; readonly untilMs: Milliseconds } | undefined;
  #pause: { readonly error: unknown; readonly untilMs: Milliseconds } | undefined;
  #failures = 0;

  constructor(options: AccessTokensOptions) {
    this.#options = options;
  }

  /** A token that works as far as we know. @throws WechatError when there is none and none can be had. */
  async get(): Promise<string> {
    const held = this.#held;
    if (held === undefined) return (await this.#newerThan(0)).token;
    if (this.#now() < held.endsAtMs - SAFETY_MARGIN) {
      if (this.#now() >= held.refreshAtMs) this.#newerThan(held.generation).catch(() => undefined);
      return held.token;
    }
    try {
      return (await this.#newerThan(held.generation)).token;
    } catch (error) {
      if (this.#now() < held.endsAtMs) return held.token;
      throw error;
    }
  }

  /**
   * What to use instead of a token that WeChat has just refused: the one that somebody got meanwhile, or a new one.
   * It is the same one when WeChat insists on it, and should be tried once more then.
   * @throws WechatError when none can be had.
   */
  renew(refused: string): Promise<Replacement> {
    if (this.#renewal?.refused === refused) return this.#renewal.done;
    const done = this.#replace(refused).finally(() => {
      if (this.#renewal?.done === done) this.#renewal = undefined;
    });
    this.#renewal = { refused, done };
    return done;
  }

  async #replace(refused: string): Promise<Replacement> {
    const held = this.#held;
    if (held !== undefined && held.token !== refused && this.#now() < held.endsAtMs) {
      return { token: held.token, last: false };
    }
    if (this.#unchanged?.token === refused && this.#now() < this.#unchanged.untilMs) {
      return { token: refused, last: true };
    }
    const renewed = await this.#newerThan(held?.generation ?? 0);
    if (renewed.token !== refused) return { token: renewed.token, last: false };
    await this.#options.sleep(SETTLING * (1 + this.#options.random()));
    const { token } = await this.#newerThan(renewed.generation);
    if (token === refused) this.#unchanged = { token, untilMs: this.#now() + UNCHANGED_FOR };
    return { token, last: token === refused };
  }

  #newerThan(generation: number): Promise<HeldToken> {
    this.#flight ??= this.#acquire(generation).finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  async #acquire(since: number): Promise<HeldToken> {
    const held = this.#held;
    if (held !== undefined && held.generation > since && this.#now() < held.endsAtMs) return held;
    if (this.#pause !== undefined && this.#now() < this.#pause.untilMs) throw this.#pause.error;
    try {
      const acquired = await acquireToken(since, this.#options);
      this.#held = holdToken(acquired, this.#now(), this.#options.random());
      this.#failures = 0;
      return this.#held;
    } catch (error) {
      const pauseMs = Math.min(FIRST_PAUSE * 2 ** this.#failures, LONGEST_PAUSE);
      this.#failures += 1;
      this.#pause = { error, untilMs: this.#now() + pauseMs };
      throw error;
    }
  }

  #now(): Milliseconds {
    return this.#options.clock.monotonic();
  }
}
