import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import type { BodyMemory } from './body-memory.ts';
import type { TrackedRequest, TrackedResponse } from './exchange.ts';
import { TurnWatch } from './turn-watch.ts';
import { isWrite, WaitingRequests, writersAmong } from './waiting-requests.ts';

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
 * it has lost nothing yet; so memory is bounded by places, queue and the bytes of bodies, whatever the flood. Reads
 * never wait for writes: these have a share of the places, and a line of their own.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #bodies: BodyMemory;
  readonly #run: Run;
  readonly #shed: Run;
  readonly #turns: TurnWatch;
  readonly #waiting: WaitingRequests;
  #active = 0;
  /** Those of them that write. */
  #writing = 0;
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
    this.#waiting = new WaitingRequests(options.maxQueued);
  }

  /** Lets a request in, makes it wait, or sheds it. {@link leave} must follow when its response has closed. */
  enter(request: TrackedRequest, response: TrackedResponse): void {
    const hasTime = this.#turns.hasTimeFor(request.startedAtMs, request.socket);
    if (!this.#bodies.admit(request, this.#share)) {
      this.#turnAway(request, response);
    } else if (hasTime && this.#waiting.before(request) === 0 && this.#hasPlaceFor(request)) {
      this.#admit(request, response);
    } else if (isExempt(request.url)) {
      this.#enterExempt(request, response);
    } else if (hasTime && this.#waiting.add(request, response)) {
      request.lane = 'waiting';
      this.#timer ??= setTimeout(this.#expire, this.#options.queueTimeoutMs).unref();
    } else {
      this.#turnAway(request, response);
    }
  }

  /** Gives a closed request's place to the one that has waited longest. */
  leave(request: TrackedRequest): void {
    if (request.lane === 'regular') {
      this.#active -= 1;
      if (isWrite(request)) this.#writing -= 1;
    } else if (request.lane === 'exempt') this.#exempt -= 1;
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

  /** For whom there is a place. Where places were taken away meanwhile, writes that had more of them keep no read out. */
  #room(): 'all' | 'reads' | 'none' {
    const places = this.#places();
    const forWrites = writersAmong(places);
    const taken = this.#active - Math.max(0, this.#writing - forWrites);
    if (taken >= places) return 'none';
    return this.#writing < forWrites ? 'all' : 'reads';
  }

  #hasPlaceFor(request: TrackedRequest): boolean {
    const room = this.#room();
    return room === 'all' || (room === 'reads' && !isWrite(request));
  }

  #admit(request: TrackedRequest, response: TrackedResponse): void {
    request.lane = 'regular';
    this.#active += 1;
    if (isWrite(request)) this.#writing += 1;
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

  #admitWaiting(): void {
    for (;;) {
      const room = this.#room();
      const next = room === 'none' ? undefined : this.#waiting.oldest(room);
      if (next === undefined) return;
      this.#waiting.delete(next[0]);
      this.#admit(...next);
    }
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    const { clock, queueTimeoutMs } = this.#options;
    const sinceMs = clock.monotonic() - queueTimeoutMs;
    for (let late = this.#waiting.takeOldest(sinceMs); late; late = this.#waiting.takeOldest(sinceMs))
      this.#turnAway(...late);
    const oldest = this.#waiting.oldest('all');
    if (oldest === undefined) return;
    this.#timer = setTimeout(this.#expire, oldest[0].startedAtMs - sinceMs + 1).unref();
  };
}

function isExempt(url = ''): boolean {
  return /^\/(healthz|readyz|metrics|_\/|api\/admin\/)/.test(url);
}
