import { type Milliseconds, SECOND } from '@maque/kit';

export type ServiceState = 'starting' | 'ready' | 'reloading' | 'stopping';

// A crash loop changes the status often; nobody reads it faster than this.
const STATUS_EVERY_MS: Milliseconds = 5 * SECOND;

// systemctl shows one line, and terminals cut it.
const STATUS_LENGTH = 200;

/**
 * What is to be said to systemd next. Holds one message of each kind at most: what changes before it has gone is said
 * as it is then. A change of state goes in a message by itself, in order, for systemd reads only one from each; a sign
 * of life and the status travel along with whatever goes next.
 */
export class Outbox {
  readonly #states = new Map<ServiceState, readonly string[]>();
  #owesSignOfLife = false;
  #status: string | null = null;
  #toldStatus: string | null = null;
  #statusDueMs: Milliseconds = 0;

  /** @param lines that say it: `NAME=value`. */
  state(state: ServiceState, lines: readonly string[]): void {
    // To the end of the line: what was said of it before is out of date.
    this.#states.delete(state);
    this.#states.set(state, lines);
  }

  signOfLife(): void {
    this.#owesSignOfLife = true;
  }

  /** What `systemctl status` shows; cut after 200 characters. A line break would begin another variable. */
  status(text: string): void {
    this.#status = text.replace(/\p{Cc}+/gu, ' ').slice(0, STATUS_LENGTH);
  }

  /** The lines of the next message, now sent as far as the outbox knows; none when there is nothing to say yet. */
  take(nowMs: Milliseconds): readonly string[] {
    const message: string[] = [];
    const [next] = this.#states;
    if (next !== undefined) {
      this.#states.delete(next[0]);
      message.push(...next[1]);
    }
    if (this.#owesSignOfLife) message.push('WATCHDOG=1');
    this.#owesSignOfLife = false;
    if (this.#status !== this.#toldStatus && (message.length > 0 || nowMs >= this.#statusDueMs)) {
      message.push(`STATUS=${this.#status}`);
      this.#toldStatus = this.#status;
      this.#statusDueMs = nowMs + STATUS_EVERY_MS;
    }
    return message;
  }

  /** How long a new status still has to wait; null when there is none. */
  statusWaitMs(nowMs: Milliseconds): Milliseconds | null {
    return this.#status === this.#toldStatus ? null : Math.max(0, this.#statusDueMs - nowMs);
  }
}
