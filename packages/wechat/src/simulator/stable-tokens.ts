import { type Clock, DAY, type Milliseconds, SECOND } from '@maque/kit';
import { type Rate, RateLimiter } from './rate-limiter.ts';
import { OVERLAP, type TokenAnswer, TokenShelf } from './token-shelf.ts';

// Closer forced refreshes do nothing at WeChat.
const FORCED_SPACING: Milliseconds = 30 * SECOND;
const FORCED: Rate = { limit: 20, perMs: DAY, errcode: 45009 };

/** The tokens of `/cgi-bin/stable_token`: the same one for everybody until 5 minutes before its end. */
export class StableTokens {
  readonly shelf: TokenShelf;
  readonly #limiter: RateLimiter;
  readonly #clock: Clock;
  #forcedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.shelf = new TokenShelf(clock);
    this.#limiter = new RateLimiter(clock);
    this.#clock = clock;
  }

  /** @throws Refusal when the 20 forced refreshes of a day are used up. */
  fetch(forced: boolean): TokenAnswer {
    if (forced && this.#clock.monotonic() - this.#forcedAtMs >= FORCED_SPACING) this.#killByForce();
    const current = this.shelf.current();
    const lasting = current !== undefined && this.shelf.leftMs(current) >= OVERLAP ? current : undefined;
    return this.shelf.answer(lasting ?? this.shelf.issue());
  }

  #killByForce(): void {
    this.#limiter.count('forced', FORCED);
    this.#forcedAtMs = this.#clock.monotonic();
    this.shelf.killAll();
  }
}
