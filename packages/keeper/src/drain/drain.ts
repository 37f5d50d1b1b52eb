import type { Milliseconds } from '@maque/kit';
import type { Traffic } from './traffic.ts';
import { ANSWER_MS } from './web-socket.ts';

export interface DrainLimits {
  /** How long idle keep-alive connections are left alone. */
  readonly idleGraceMs: Milliseconds;
  /** How long all of it may take. */
  readonly timeoutMs: Milliseconds;
  /**
   * Over how long the ends of WebSockets and event streams are spread. `idleGraceMs` unless told: the worker stays that
   * long anyway, and 6.5 s turn a thousand clients into 150 new connections a second.
   */
  readonly spreadMs?: Milliseconds | undefined;
}

// How often the drain looks; a worker that is idle ends this much later than it could.
const LOOK_EVERY_MS: Milliseconds = 25;

// Connections that remain when nothing is under way are new ones without a byte, or the first half of a request; a
// request that is on its way arrives within this time or its client waits for something else.
const QUIET_MS: Milliseconds = 250;

// What a FIN and the data before it get to leave the process. On a loopback or to a proxy they take a millisecond.
const FLUSH_MS: Milliseconds = 500;

/**
 * Empties the servers of this process without losing a request. A connection that gets one more request is closed by
 * its answer (`Connection: close`), one that gets none by its own keep-alive timeout; whatever is left after the grace
 * has therefore been idle for all of it, and is the least likely to be in use just now. What has no end of its own,
 * WebSockets and event streams, is closed one after the other, so that clients do not come back all at once.
 */
export class Drain {
  readonly #traffic: Traffic;
  readonly #beganMs = performance.now();
  #graceEndsMs = Number.POSITIVE_INFINITY;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #spreadMs = Number.POSITIVE_INFINITY;
  #quietSinceMs = Number.POSITIVE_INFINITY;
  #begunRequests = -1;

  constructor(traffic: Traffic, limits: DrainLimits) {
    this.#traffic = traffic;
    this.hurry(limits);
    traffic.leave();
  }

  /** Shortens what is left of the limits; they never grow. */
  hurry({ idleGraceMs, timeoutMs, spreadMs = idleGraceMs }: DrainLimits): void {
    const nowMs = performance.now();
    this.#graceEndsMs = Math.min(this.#graceEndsMs, nowMs + idleGraceMs);
    this.#deadlineMs = Math.min(this.#deadlineMs, nowMs + timeoutMs);
    // The last client needs time for its answer before the deadline.
    const latestMs = Math.max(timeoutMs - ANSWER_MS, timeoutMs / 2);
    const spreadEndsMs = nowMs + Math.min(spreadMs, latestMs);
    this.#spreadMs = Math.min(this.#spreadMs, spreadEndsMs - this.#beganMs);
  }

  /** Time left until the deadline. */
  get leftMs(): Milliseconds {
    return Math.max(0, this.#deadlineMs - performance.now());
  }

  /** Resolves when nothing is left to serve or the time is over, with the number of requests and connections cut. */
  async settled(): Promise<number> {
    for (let waitMs = 0; ; waitMs = LOOK_EVERY_MS) {
      await pause(waitMs);
      if (this.#isOver(performance.now())) break;
    }
    const cut = this.#traffic.cut();
    const flushEndsMs = performance.now() + FLUSH_MS;
    while (!this.#traffic.isFlushed && performance.now() < flushEndsMs) await pause(LOOK_EVERY_MS);
    return cut;
  }

  #isOver(nowMs: Milliseconds): boolean {
    const traffic = this.#traffic;
    if (traffic.servers.size === 0 || nowMs >= this.#deadlineMs) return true;
    traffic.sayGoodbye(this.#spreadMs > 0 ? (nowMs - this.#beganMs) / this.#spreadMs : 1, nowMs);
    if (nowMs < this.#graceEndsMs) return false;
    traffic.closeIdle();
    if (traffic.busy > 0 || traffic.begun !== this.#begunRequests) {
      this.#begunRequests = traffic.begun;
      this.#quietSinceMs = nowMs;
    }
    return traffic.busy === 0 && nowMs - this.#quietSinceMs >= QUIET_MS;
  }
}

/** Goes on right after sockets have been read, so that no request has arrived unread on a connection that looks idle. */
function pause(ms: Milliseconds): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (ms === 0) setImmediate(resolve);
  else setTimeout(() => setImmediate(resolve), ms);
  return promise;
}
