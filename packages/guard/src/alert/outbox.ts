import { randomUUID } from 'node:crypto';
import { type Clock, type Milliseconds, RingBuffer } from '@maque/kit';
import type { AlertMessage } from './alert-message.ts';
import type { AlertEvent } from './condition.ts';
import { describeDigest, describeEvents, type Prose, type Wording } from './format-alert.ts';
import type { QuietHours } from './quiet-hours.ts';

export interface OutboxOptions {
  readonly clock: Clock;
  /** How long an event waits for others of its kind. */
  readonly mergeMs: Milliseconds;
  /** Null when no hours are quiet. */
  readonly quietHours: QuietHours | null;
  readonly wording: Wording;
}

// A night of a bad day; each is some 500 bytes.
const MOST_HELD = 100;

// One of each process; a keeper keeps 64 workers at most.
const MOST_MERGED = 64;

interface Batch {
  readonly sinceMs: Milliseconds;
  readonly events: [AlertEvent, ...AlertEvent[]];
}

/** Makes few messages of many events: those of one kind together, those of a quiet night as one digest. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #batches = new Map<string, Batch>();
  readonly #held = new RingBuffer<AlertEvent>(MOST_HELD);
  #heldDropped = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** How many wait for the end of quiet hours. */
  get held(): number {
    return this.#held.length + this.#heldDropped;
  }

  add(event: AlertEvent): void {
    const key = `${event.rule}/${event.kind}`;
    const batch = this.#batches.get(key);
    if (batch === undefined) {
      this.#batches.set(key, { sinceMs: this.#options.clock.monotonic(), events: [event] });
    } else if (batch.events.length < MOST_MERGED) {
      batch.events.push(event);
    }
  }

  /** The messages whose time has come. */
  take(): AlertMessage[] {
    const { clock, mergeMs, quietHours } = this.#options;
    if (this.#batches.size === 0 && this.#held.length === 0) return [];
    const isQuiet = quietHours?.isQuiet(clock.now()) ?? false;
    const messages: AlertMessage[] = [];
    if (!isQuiet) messages.push(...this.#takeDigest());
    for (const [key, { sinceMs, events }] of this.#batches) {
      if (clock.monotonic() - sinceMs < mergeMs) continue;
      this.#batches.delete(key);
      // What was urgent has been told in the night, so whoever got up for it hears of its end too.
      if (isQuiet && events.every(({ severity }) => severity === 'warning')) this.#hold(events);
      else
        messages.push(this.#message(events, events[0].kind, describeEvents(events, this.#options.wording)));
    }
    return messages;
  }

  #hold(events: readonly AlertEvent[]): void {
    for (const event of events) {
      if (this.#held.length === MOST_HELD) this.#heldDropped += 1;
      this.#held.push(event);
    }
  }

  #takeDigest(): AlertMessage[] {
    const events = [...this.#held];
    if (events.length === 0) return [];
    const prose = describeDigest(events, this.#heldDropped, this.#options.wording);
    this.#held.clear();
    this.#heldDropped = 0;
    return [this.#message(events, 'digest', prose)];
  }

  #message(events: readonly AlertEvent[], kind: AlertMessage['kind'], prose: Prose): AlertMessage {
    const isUrgent = events.some((event) => event.severity === 'critical' && event.kind !== 'recovered');
    return {
      id: randomUUID(),
      kind,
      severity: isUrgent ? 'critical' : 'warning',
      source: this.#options.wording.source,
      atMs: this.#options.clock.now(),
      ...prose,
      events,
    };
  }
}
