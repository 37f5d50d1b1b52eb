import {
  type Bytes,
  DAY,
  formatBytes,
  formatDuration,
  HOUR,
  type Language,
  MiB,
  type Milliseconds,
  RecentMap,
  RingBuffer,
  say,
  type Text,
} from '@maque/kit';

export interface AutopsyLimits {
  /** From one of a worker's place to the next of the same place. */
  readonly perPlaceMs: Milliseconds;
  readonly perDay: number;
}

export interface AutopsyRequest {
  /** The place that the worker fills, which the next one will fill after it. */
  readonly place: string;
  /** Monotonic. */
  readonly nowMs: Milliseconds;
  /** What the box has left; null where nobody knows. */
  readonly freeBytes: Bytes | null;
  /** What the worker takes now, which it keeps for so much longer. */
  readonly workerBytes: Bytes;
}

export type AutopsyRefusal =
  | { readonly code: 'ONE_RUNS'; readonly worker: string }
  | { readonly code: 'PLACE_TOO_SOON'; readonly waitMs: Milliseconds }
  | { readonly code: 'DAY_FULL'; readonly perDay: number; readonly waitMs: Milliseconds }
  | { readonly code: 'NO_ROOM'; readonly neededBytes: Bytes; readonly freeBytes: Bytes };

export type AutopsyPermit =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: AutopsyRefusal };

// A leak that comes back within the hour is the one that was reported. Six reports a day are more than anybody reads.
const DEFAULT_LIMITS: AutopsyLimits = { perPlaceMs: HOUR, perDay: 6 };

// The most that a keeper keeps.
const MOST_PLACES = 64;

// Twice what an autopsy takes on top (2 to 18 MiB at 25 to 200 MiB of live heap: bench/snapshots/autopsy-costs.ts), and
// what collections of a larger heap need to move things. A snapshot asks for its own room.
const NEEDED: Bytes = 32 * MiB;
const NEEDED_SHARE = 0.1;

const REFUSALS = {
  ONE_RUNS: { en: '{worker} is being examined', zh: '{worker} 正在检查中' },
  PLACE_TOO_SOON: {
    en: 'this worker was examined before; again in {wait}',
    zh: '该工作进程不久前检查过，{wait} 后才可再次检查',
  },
  DAY_FULL: {
    en: '{perDay} a day are enough; again in {wait}',
    zh: '每天最多 {perDay} 次，{wait} 后可再次检查',
  },
  NO_ROOM: {
    en: 'it needs {needed} of memory, and the box has {free} left',
    zh: '需要 {needed} 内存，而只剩 {free}',
  },
} satisfies Record<AutopsyRefusal['code'], Text>;

/** Says when a worker may be examined: never two at once, not too often, and not where memory is short. */
export class AutopsyLimiter {
  readonly #limits: AutopsyLimits;
  readonly #begun: RingBuffer<Milliseconds>;
  readonly #byPlace = new RecentMap<string, Milliseconds>(MOST_PLACES);
  #running: string | null = null;

  /** @throws RangeError when `perDay` is not a positive integer. */
  constructor(limits: Partial<AutopsyLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#begun = new RingBuffer(this.#limits.perDay);
  }

  /** Whether it may be done now. Asking changes nothing. */
  ask(request: AutopsyRequest): AutopsyPermit {
    const reason = this.#refusal(request);
    return reason === null ? { allowed: true } : { allowed: false, reason };
  }

  /** To be told when one begins. */
  began(worker: string, { place, nowMs }: Pick<AutopsyRequest, 'place' | 'nowMs'>): void {
    this.#running = worker;
    this.#begun.push(nowMs);
    this.#byPlace.set(place, nowMs);
  }

  /** To be told when a worker has ended, or told its summary, whether it was being examined or not. */
  ended(worker: string): void {
    if (this.#running === worker) this.#running = null;
  }

  #refusal({ place, nowMs, freeBytes, workerBytes }: AutopsyRequest): AutopsyRefusal | null {
    const { perPlaceMs, perDay } = this.#limits;
    if (this.#running !== null) return { code: 'ONE_RUNS', worker: this.#running };
    const placeMs = (this.#byPlace.get(place) ?? Number.NEGATIVE_INFINITY) + perPlaceMs - nowMs;
    if (placeMs > 0) return { code: 'PLACE_TOO_SOON', waitMs: placeMs };
    const isFull = this.#begun.length === perDay;
    const dayMs = (isFull ? (this.#begun.at(0) ?? 0) : Number.NEGATIVE_INFINITY) + DAY - nowMs;
    if (dayMs > 0) return { code: 'DAY_FULL', perDay, waitMs: dayMs };
    const neededBytes = Math.round(Math.max(NEEDED, workerBytes * NEEDED_SHARE));
    if (freeBytes !== null && freeBytes < neededBytes) return { code: 'NO_ROOM', neededBytes, freeBytes };
    return null;
  }
}

/** Why a worker was not examined, for an event. */
export function describeAutopsyRefusal(reason: AutopsyRefusal, language: Language): string {
  return say(REFUSALS[reason.code], language, {
    ...reason,
    ...('waitMs' in reason ? { wait: formatDuration(reason.waitMs) } : {}),
    ...(reason.code === 'NO_ROOM'
      ? { needed: formatBytes(reason.neededBytes), free: formatBytes(reason.freeBytes) }
      : {}),
  });
}
