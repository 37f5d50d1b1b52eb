import type { Traffic } from './traffic.ts';

export interface DrainLimits {
  /** How long idle keep-alive connections are left alone. */
  readonly idleGraceMs: number;
  /** How long all of it may take. */
  readonly timeoutMs: number;
}

// How often the drain looks; a worker that is idle ends this much later than it could.
const LOOK_EVERY_MS = 25;

// Connections that remain when no request is under way are upgraded ones (WebSocket), new ones without a byte, or the
// first half of a request; a request that is on its way arrives within this time or its client waits for something else.
const QUIET_MS = 250;

/**
 * Empties the servers of this process without losing a request. A connection that gets one more request is closed by
 * its answer (`Connection: close`), one that gets none by its own keep-alive timeout; whatever is left after the grace
 * has therefore been idle for all of it, and is the least likely to be in use just now.
 */
export class Drain {
  readonly #traffic: Traffic;
  #graceEndsMs = Number.POSITIVE_INFINITY;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #quietSinceMs = Number.POSITIVE_INFINITY;
  #begunRequests = -1;

  constructor(traffic: Traffic, limits: DrainLimits) {
    this.#traffic = traffic;
    this.hurry(limits);
    traffic.leave();
  }

  /** Shortens what is left of the limits; they never grow. */
  hurry({ idleGraceMs, timeoutMs }: DrainLimits): void {
    const nowMs = performance.now();
    this.#graceEndsMs = Math.min(this.#graceEndsMs, nowMs + idleGraceMs);
    this.#deadlineMs = Math.min(this.#deadlineMs, nowMs + timeoutMs);
  }

  /** Time left until the deadline. */
  get leftMs(): number {
    return Math.max(0, this.#deadlineMs - performance.now());
  }

  /** Resolves when nothing is left to serve or the time is over, with the number of requests that are still under way. */
  async settled(): Promise<number> {
    while (!this.#isOver(performance.now())) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return this.#traffic.requests;
  }

  #isOver(nowMs: number): boolean {
    if (this.#traffic.openServers === 0 || nowMs >= this.#deadlineMs) return true;
    if (nowMs < this.#graceEndsMs) return false;
    this.#traffic.closeIdle();
    if (this.#traffic.requests > 0 || this.#traffic.begun !== this.#begunRequests) {
      this.#begunRequests = this.#traffic.begun;
      this.#quietSinceMs = nowMs;
    }
    return this.#traffic.requests === 0 && nowMs - this.#quietSinceMs >= QUIET_MS;
  }
}
