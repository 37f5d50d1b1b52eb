import { RingBuffer } from '@maque/kit';
import type { EventCode, KeeperEvent } from './keeper-events.ts';

// Some 300 bytes each. A recycle of two workers is ten events, so this is weeks of a quiet life and an hour of a bad one.
const EVENTS_KEPT = 256;

/** The last things that happened, each with a number that counts up. */
export class EventLog {
  readonly #events = new RingBuffer<KeeperEvent>(EVENTS_KEPT);
  readonly #onEvent: (event: KeeperEvent) => void;
  #seq = 0;

  constructor(onEvent: (event: KeeperEvent) => void) {
    this.#onEvent = onEvent;
  }

  add(code: EventCode, data: KeeperEvent['data']): void {
    this.#seq += 1;
    const event: KeeperEvent = { seq: this.#seq, at: new Date().toISOString(), code, data };
    this.#events.push(event);
    try {
      this.#onEvent(event);
    } catch (error) {
      // Whoever listens must not stop whoever supervises.
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }

  /** Those kept whose number is above `seq`, oldest first. */
  after(seq: number): readonly KeeperEvent[] {
    return [...this.#events].filter((event) => event.seq > seq);
  }
}
