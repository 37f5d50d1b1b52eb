import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import type { BodyMemory } from './body-memory.ts';
import type { TrackedRequest, TrackedResponse } from './exchange.ts';
import { TurnWatch } from './turn-watch.ts';

export interface AdmissionOptions {
  /** Requests worked on at once. */
  readonly maxConcurrent: number;
  /** Requests that may wait for one of those places. */
  readonly maxQueued: number;
  readonly queueTimeoutMs: Milliseconds;
  /** See {@link TurnWatch}. */
  readonly maxTurnMs: Milliseconds;
  /** How short memory is: 0 not at all, 1 as short as it gets. Places and bodies shrink with it, to an eighth. */
  readonly pressure: () => number;
  readonly clock: Clock;
}

export interface AdmissionStats {
  readonly active: number;
  readonly queued: number;
  readonly shed: number;
  /** What the bodies in flight have reserved, of what there is for them. */
  readonly bodyBytes: Bytes;
  readonly maxBodyBytes: Bytes;
}

/** What is done with a request. */
export type Run = (request: TrackedRequest, response: TrackedResponse) => void;

/** Places for health checks and the console, which must work most when the rest does not. A flood of them is shed too. */
const EXEMPT_PLACES = 32;
/** At full pressure an eighth is left: some requests must end for memory to come back. */
const LEAST_SHARE = 1 / 8;

/**
 * Decides which requests are worked on now, wait, or are turned away at once. Turned away is always the newest, since
 * it has lost nothing yet; so memory is bounded by places, queue and the bytes of bodies, whatever the flood.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #bodies: BodyMemory;
  readonly #run: Run;
  readonly #shed: Run;
  readonly #turns: TurnWatch;
  /** Oldest first: a map keeps the order of insertion. */
  readonly #waiting = new Map<TrackedRequest, TrackedResponse>();
  #active = 0;
  #exempt = 0;
  #shedCount = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param run works on a request; `shed` answers that there is no room. Both are called at most once for each. */
  constructor(options: AdmissionOptions, bodies: BodyMemory, run: Run, shed: Run) {
    this.#options = options;
    this.#bodies = bodies;
    this.#run = run;
    this.#shed = shed;
    this.#turns = new TurnWatch(options.maxTurnMs, options.clock);
  }

  /** Lets a request in, makes it wait, or sheds it. {@link leave} must follow when its response has closed. */
  enter(request: TrackedRequest, response: TrackedResponse): void {
    const hasTime = this.#turns.hasTimeFor(request.startedAtMs, request.socket);
    if (!this.#bodies.admit(request, this.#share)) {
      this.#turnAway(request, response);
    } else if (hasTime && this.#waiting.size === 0 && this.#active < this.#places()) {
      this.#admit(request, response);
    } else if (isExempt(request.url)) {
      this.#enterExempt(request, response);
    } else if (!hasTime || this.#waiting.size >= this.#options.maxQueued) {
      this.#turnAway(request, response);
    } else {
      this.#wait(request, response);
    }
  }

  /** Gives a closed request's place to the one that has waited longest. */
  leave(request: TrackedRequest): void {
    if (request.lane === 'regular') this.#active -= 1;
    else if (request.lane === 'exempt') this.#exempt -= 1;
    else if (request.lane === 'waiting') this.#waiting.delete(request);
    request.lane = 'none';
    this.#bodies.release(request);
    if (this.#waiting.size > 0) this.#admitWaiting();
  }

  stats(): AdmissionStats {
    return {
      active: this.#active + this.#exempt,
      queued: this.#waiting.size,
      shed: this.#shedCount,
      bodyBytes: this.#bodies.heldBytes,
      maxBodyBytes: this.#bodies.maxBytes,
    };
  }

  /** Of places and bodies, how much may be taken now. */
  readonly #share = (): number => Math.max(LEAST_SHARE, 1 - Math.max(0, this.#options.pressure()));

  #places(): number {
    return Math.max(1, Math.floor(this.#options.maxConcurrent * this.#share()));
  }

  #admit(request: TrackedRequest, response: TrackedResponse): void {
    request.lane = 'regular';
    this.#active += 1;
    this.#run(request, response);
  }

  #enterExempt(request: TrackedRequest, response: TrackedResponse): void {
    if (this.#exempt >= EXEMPT_PLACES) {
      this.#turnAway(request, response);
      return;
    }
    request.lane = 'exempt';
    this.#exempt += 1;
    this.#run(request, response);
  }

  #turnAway(request: TrackedRequest, response: TrackedResponse): void {
    request.lane = 'none';
    this.#bodies.release(request);
    this.#shedCount += 1;
    this.#shed(request, response);
  }

  #wait(request: TrackedRequest, response: TrackedResponse): void {
    request.lane = 'waiting';
    this.#waiting.set(request, response);
    this.#timer ??= setTimeout(this.#expire, this.#options.queueTimeoutMs).unref();
  }

  #admitWaiting(): void {
    for (const [request, response] of this.#waiting) {
      if (this.#active >= this.#places()) return;
      this.#waiting.delete(request);
      this.#admit(request, response);
    }
  }

  /** All wait equally long, so the oldest is always the first to run out of time. */
  readonly #expire = (): void => {
    this.#timer = undefined;
    const nowMs = this.#options.clock.monotonic();
    for (const [request, response] of this.#waiting) {
      const leftMs = request.startedAtMs + this.#options.queueTimeoutMs - nowMs;
      if (leftMs > 0) {
        this.#timer = setTimeout(this.#expire, leftMs + 1).unref();
        return;
      }
      this.#waiting.delete(request);
      this.#turnAway(request, response);
    }
  };
}

function isExempt(url = ''): boolean {
  return /^\/(healthz|readyz|metrics|_\/|api\/admin\/)/.test(url);
}
