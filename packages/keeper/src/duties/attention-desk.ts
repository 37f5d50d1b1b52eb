import { type Clock, MINUTE, type Milliseconds, RecentMap } from '@maque/kit';
import { cleanText } from '../autopsy/clean-text.ts';
import type { EventLog } from '../event-log.ts';

// A refused key is met by every request. Once a minute shows that it goes on, and does not wash other events away.
const SAME_MATTER_MS: Milliseconds = MINUTE;
// More kinds of trouble than an app has names for.
const MOST_MATTERS = 32;
// Two orders that wait for their parcels are two matters of one code; of hundreds of dead jobs some show what it is.
const MOST_OF_A_CODE = 5;
// It ends in a message on a phone.
const MESSAGE_LENGTH = 500;

interface Told {
  readonly sinceMs: Milliseconds;
  readonly messages: Set<string>;
}

/** Takes down what workers want an operator to know: each matter once a minute, whoever of them tells it. */
export class AttentionDesk {
  readonly #log: Pick<EventLog, 'add'>;
  readonly #clock: Clock;
  readonly #told = new RecentMap<string, Told>(MOST_MATTERS);

  constructor(log: Pick<EventLog, 'add'>, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  hear(worker: string, matter: { readonly code: string; readonly message: string }): void {
    const code = cleanText(matter.code, MESSAGE_LENGTH);
    const message = cleanText(matter.message, MESSAGE_LENGTH);
    const { messages } = this.#toldOf(code);
    if (messages.has(message) || messages.size >= MOST_OF_A_CODE) return;
    messages.add(message);
    this.#log.add('APP_ATTENTION', { worker, code, message });
  }

  /** What was told of a code within the minute. */
  #toldOf(code: string): Told {
    const nowMs = this.#clock.monotonic();
    const known = this.#told.get(code);
    if (known !== undefined && nowMs - known.sinceMs < SAME_MATTER_MS) return known;
    const told = { sinceMs: nowMs, messages: new Set<string>() };
    this.#told.set(code, told);
    return told;
  }
}
