import { type Clock, MINUTE, type Milliseconds, RecentMap } from '@maque/kit';
import { cleanText } from '../autopsy/clean-text.ts';
import type { EventLog } from '../event-log.ts';

// A refused key is met by every request. Once a minute shows that it goes on, and does not wash other events away.
const SAME_MATTER_MS: Milliseconds = MINUTE;
// More kinds of trouble than an app has names for.
const MOST_MATTERS = 32;
// It ends in a message on a phone.
const MESSAGE_LENGTH = 500;

/** Takes down what workers want an operator to know: each matter once a minute, whoever of them tells it. */
export class AttentionDesk {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #toldAtMs = new RecentMap<string, Milliseconds>(MOST_MATTERS);

  constructor(log: EventLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  hear(worker: string, matter: { readonly code: string; readonly message: string }): void {
    const code = cleanText(matter.code, MESSAGE_LENGTH);
    const nowMs = this.#clock.monotonic();
    const toldAtMs = this.#toldAtMs.get(code);
    if (toldAtMs !== undefined && nowMs - toldAtMs < SAME_MATTER_MS) return;
    this.#toldAtMs.set(code, nowMs);
    this.#log.add('APP_ATTENTION', { worker, code, message: cleanText(matter.message, MESSAGE_LENGTH) });
  }
}
