import type { Clock } from '@maque/kit';
import { OVERLAP, type TokenAnswer, TokenShelf } from './token-shelf.ts';

/** The tokens of `/cgi-bin/token`: each fetch makes a new one, and the one before has 5 minutes left. */
export class LegacyTokens {
  readonly shelf: TokenShelf;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.shelf = new TokenShelf(clock);
    this.#clock = clock;
  }

  fetch(): TokenAnswer {
    const previous = this.shelf.current();
    if (previous !== undefined) {
      previous.endsAtMs = Math.min(previous.endsAtMs, this.#clock.monotonic() + OVERLAP);
    }
    return this.shelf.answer(this.shelf.issue());
  }
}
