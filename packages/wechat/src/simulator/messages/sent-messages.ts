import { RingBuffer } from '@maque/kit';

// What somebody scrolls through; 0.4 MiB when full of the longest.
const REMEMBERED = 200;

/** A message as it shows on the user's phone. */
export interface SimulatorMessage {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The user's name here. */
  readonly to: string;
  readonly openid: string;
  readonly templateId: string;
  readonly title: string;
  readonly lines: readonly { readonly label: string; readonly key: string; readonly value: string }[];
  /** What a tap opens; empty when nothing. */
  readonly page: string;
  readonly state: 'formal' | 'trial' | 'developer';
}

/** The last 200 messages that reached a phone. */
export class SentMessages {
  readonly #messages = new RingBuffer<SimulatorMessage>(REMEMBERED);
  #sent = 0;

  /** A number that no message had before. */
  nextId(): string {
    this.#sent += 1;
    return String(2_400_000_000_000_000 + this.#sent);
  }

  add(message: SimulatorMessage): void {
    this.#messages.push(message);
  }

  /** The oldest first. */
  list(): SimulatorMessage[] {
    return [...this.#messages];
  }
}
