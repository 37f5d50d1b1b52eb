import { type Clock, HOUR, type Milliseconds, RingBuffer, SECOND } from '@maque/kit';
import { BoundedMap } from '../bounded-map.ts';
import { Refusal } from '../refusal.ts';

/** How long a user who wrote may be written to, and how often. */
const OPEN_FOR: Milliseconds = 48 * HOUR;
const MOST_REPLIES = 5;
const LIVELY_FOR: Milliseconds = 30 * SECOND;

// As many users as the simulator knows by default.
const MAX_USERS = 1_000;
// What somebody scrolls through; 0.4 MiB when full of the longest.
const REMEMBERED = 100;

interface Conversation {
  readonly wroteAtMs: Milliseconds;
  readonly repliesLeft: number;
}

/** What was said in the chat of customer service. */
export interface SimulatorChatLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly user: string;
  readonly from: 'user' | 'service';
  readonly kind: string;
  /** The text, or what stands for a picture, a link or a page. */
  readonly text: string;
}

/** Users who have written to the mini-program, and may be answered for 48 hours, five times each. */
export class Conversations {
  readonly #open = new BoundedMap<Conversation>(MAX_USERS);
  readonly #lines = new RingBuffer<SimulatorChatLine>(REMEMBERED);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  userWrote(openid: string, line: SimulatorChatLine): void {
    this.#open.set(openid, { wroteAtMs: this.#clock.monotonic(), repliesLeft: MOST_REPLIES });
    this.#lines.push(line);
  }

  /** @throws Refusal 45015 after 48 hours, 45047 after five replies. */
  serviceWrote(openid: string, line: SimulatorChatLine): void {
    const conversation = this.#open.get(openid);
    if (conversation === undefined || this.#clock.monotonic() - conversation.wroteAtMs >= OPEN_FOR) {
      throw new Refusal(45015);
    }
    if (conversation.repliesLeft < 1) throw new Refusal(45047);
    this.#open.set(openid, { ...conversation, repliesLeft: conversation.repliesLeft - 1 });
    this.#lines.push(line);
  }

  /** Whether the user wrote within 30 seconds: only then typing can be shown. */
  isLively(openid: string): boolean {
    const conversation = this.#open.get(openid);
    return conversation !== undefined && this.#clock.monotonic() - conversation.wroteAtMs < LIVELY_FOR;
  }

  /** The oldest first. */
  lines(): SimulatorChatLine[] {
    return [...this.#lines];
  }
}
