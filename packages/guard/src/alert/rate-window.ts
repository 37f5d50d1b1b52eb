import { type Milliseconds, RingBuffer } from '@maque/kit';
import type { RateLimit } from './channel.ts';

/**
 * Holds a rate exactly: it remembers the last `count` sends. A bucket of tokens would let twice the count through in one
 * window, and the bots count by the minute.
 */
export class RateWindow {
  readonly #windows: readonly { readonly limit: RateLimit; readonly sent: RingBuffer<Milliseconds> }[];

  constructor(limits: readonly RateLimit[]) {
    this.#windows = limits.map((limit) => ({ limit, sent: new RingBuffer(limit.count) }));
  }

  /** How long the next send has to wait; 0 if it may go. */
  waitMs(nowMs: Milliseconds): Milliseconds {
    return Math.max(
      0,
      ...this.#windows.map(({ limit, sent }) => {
        const oldest = sent.length < limit.count ? undefined : sent.at(0);
        return oldest === undefined ? 0 : oldest + limit.windowMs - nowMs;
      }),
    );
  }

  /** One is sent. */
  take(nowMs: Milliseconds): void {
    for (const { sent } of this.#windows) sent.push(nowMs);
  }
}
