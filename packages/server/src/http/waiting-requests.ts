import type { Milliseconds } from '@maque/kit';
import type { TrackedRequest, TrackedResponse } from './exchange.ts';

export type Waiting = readonly [TrackedRequest, TrackedResponse];

/**
 * Of places and queue, what may be taken by requests that write. A write holds its place for as long as the disk and the
 * lock of other writers take, and needs next to no time of this process meanwhile: what comes while the disk takes 20 ms
 * once would fill the house, and reads, which wait for neither, would stand in line behind it.
 */
const WRITE_SHARE = 3 / 4;

/** Of so many places or requests, how many may write; one at least. */
export function writersAmong(count: number): number {
  return Math.ceil(count * WRITE_SHARE);
}

export function isWrite({ method }: TrackedRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/** Requests that wait for a place, oldest first; those that write in a line of their own. */
export class WaitingRequests {
  readonly #maxWaiting: number;
  /** Maps keep the order of insertion. */
  readonly #reads = new Map<TrackedRequest, TrackedResponse>();
  readonly #writes = new Map<TrackedRequest, TrackedResponse>();

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  get size(): number {
    return this.#reads.size + this.#writes.size;
  }

  /** How many wait in the line that this one would join. */
  before(request: TrackedRequest): number {
    return this.#lineOf(request).size;
  }

  /** Answers whether there was room for one more. */
  add(request: TrackedRequest, response: TrackedResponse): boolean {
    if (this.size >= this.#maxWaiting) return false;
    if (isWrite(request) && this.#writes.size >= writersAmong(this.#maxWaiting)) return false;
    this.#lineOf(request).set(request, response);
    return true;
  }

  delete(request: TrackedRequest): void {
    this.#lineOf(request).delete(request);
  }

  /** Who has waited longest, of all or of those that read. */
  oldest(of: 'all' | 'reads'): Waiting | undefined {
    const [read] = this.#reads;
    const [write] = of === 'all' ? this.#writes : [];
    if (read === undefined || write === undefined) return read ?? write;
    return read[0].startedAtMs <= write[0].startedAtMs ? read : write;
  }

  /** Takes out who has waited longest, if that is since `sinceMs` or before. */
  takeOldest(sinceMs: Milliseconds): Waiting | undefined {
    const oldest = this.oldest('all');
    if (oldest === undefined || oldest[0].startedAtMs > sinceMs) return undefined;
    this.delete(oldest[0]);
    return oldest;
  }

  #lineOf(request: TrackedRequest): Map<TrackedRequest, TrackedResponse> {
    return isWrite(request) ? this.#writes : this.#reads;
  }
}
