import { type Clock, type Milliseconds, SECOND } from '@maque/kit';

interface Newcomer {
  readonly id: string;
  /** Where it listens; grows while it starts. */
  readonly addresses: readonly string[];
}

interface Waiting extends Newcomer {
  readonly untilMs: Milliseconds;
}

export interface PortDutyHooks {
  /** It listens where the others serve. */
  readonly onThere: (id: string) => void;
  readonly onElsewhere: (id: string, expected: readonly string[]) => void;
}

// What a program may listen on later than on its first port, such as the one of its own metrics.
const PATIENCE_MS: Milliseconds = 3 * SECOND;

/**
 * Sees to it that new code takes over where the old one serves: one that listens on other ports only would close the port that
 * clients and nginx know. Which address of the host it binds is its own affair.
 */
export class PortDuty {
  readonly #clock: Clock;
  readonly #hooks: PortDutyHooks;
  readonly #waiting = new Map<string, Waiting>();
  #expected: readonly string[] = [];

  constructor(clock: Clock, hooks: PortDutyHooks) {
    this.#clock = clock;
    this.#hooks = hooks;
  }

  /** @param serving addresses of all that serve before new code comes in. */
  expect(serving: readonly string[]): void {
    this.#expected = [...new Set(serving)];
  }

  /** @returns whether it is there already; if not, one of the hooks is called at a later look. */
  admits({ id, addresses }: Newcomer): boolean {
    if (this.#isThere(addresses)) return true;
    this.#waiting.set(id, { id, addresses, untilMs: this.#clock.monotonic() + PATIENCE_MS });
    return false;
  }

  look(): void {
    for (const { id, addresses, untilMs } of this.#waiting.values()) {
      const isThere = this.#isThere(addresses);
      if (!isThere && this.#clock.monotonic() < untilMs) continue;
      this.#waiting.delete(id);
      if (isThere) this.#hooks.onThere(id);
      else this.#hooks.onElsewhere(id, this.#expected);
    }
  }

  forget(id: string): void {
    this.#waiting.delete(id);
  }

  #isThere(addresses: readonly string[]): boolean {
    if (this.#expected.length === 0) return true;
    const ports = new Set(this.#expected.map(portOf));
    return addresses.some((address) => ports.has(portOf(address)));
  }
}

/** The port of `*:8080` or `::1:8080`; the path of a unix socket. */
function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}
