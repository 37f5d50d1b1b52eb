import { type Clock, MINUTE, type Milliseconds } from '@maque/kit';

// As long as WeChat Pay needs to take a broken access point out of its DNS.
const AVOID_FOR: Milliseconds = MINUTE;

/** The host that calls go to: the main one, or the backup for a minute after the main one could not be reached. */
export class Hosts {
  readonly #main: string;
  readonly #backup: string | undefined;
  readonly #clock: Clock;
  #avoidMainUntilMs = Number.NEGATIVE_INFINITY;

  constructor(main: string, backup: string | undefined, clock: Clock) {
    this.#main = main;
    this.#backup = backup;
    this.#clock = clock;
  }

  /** Where the next try goes. Signatures do not cover the host. */
  current(): string {
    return this.#clock.monotonic() < this.#avoidMainUntilMs ? (this.#backup ?? this.#main) : this.#main;
  }

  /** No connection came about, or it brought no answer. */
  failed(host: string): void {
    if (host === this.#main) this.#avoidMainUntilMs = this.#clock.monotonic() + AVOID_FOR;
    else this.#avoidMainUntilMs = Number.NEGATIVE_INFINITY;
  }
}
