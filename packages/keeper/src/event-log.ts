import { RingBuffer } from '@maque/kit';
import type { EventCode, KeeperEvent } from './keeper-events.ts';
import { type EventFile, readEventFile } from './logs/event-file.ts';

// Some 300 bytes each. A recycle of two workers is ten events, so this is weeks of a quiet life and an hour of a bad one.
const EVENTS_KEPT = 256;

/** The last things that happened, each with a number that counts up. */
export class EventLog {
  readonly #events = new RingBuffer<KeeperEvent>(EVENTS_KEPT);
  readonly #onEvent: (event: KeeperEvent) => void;
  readonly #file: EventFile | undefined;
  #seq = 0;

  /** @param file where they are kept beyond the end of this process; those of the last one are taken over from it. */
  constructor(onEvent: (event: KeeperEvent) => void, file?: EventFile) {
    this.#onEvent = onEvent;
    this.#file = file;
    if (file === undefined) return;
    for (const event of lastEvents(file)) this.#events.push(event);
    this.#seq = this.#events.at(-1)?.seq ?? 0;
  }

  add(code: EventCode, data: KeeperEvent['data']): void {
    this.#seq += 1;
    const event: KeeperEvent = { seq: this.#seq, at: new Date().toISOString(), code, data };
    this.#events.push(event);
    this.#file?.append(event);
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

  /** Writes what waits for the disk; nothing is written after that. */
  async close(): Promise<void> {
    await this.#file?.close();
  }
}

/** Nothing where they cannot be read: what was must not keep from what is. */
function lastEvents(file: EventFile): readonly KeeperEvent[] {
  try {
    return readEventFile(file.path, EVENTS_KEPT);
  } catch {
    return [];
  }
}
