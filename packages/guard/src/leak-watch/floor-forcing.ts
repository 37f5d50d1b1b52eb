import { type Bytes, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import type { MemorySample } from '../sample/memory-sample.ts';
import { CALM_SAMPLING_MS, type FloorWish } from './leak-watch.ts';

export interface ForcingMoment {
  readonly sample: MemorySample;
  readonly wish: FloorWish;
  /** Requests in flight. */
  readonly activeRequests: number;
}

export interface MinorMoment {
  readonly sample: MemorySample;
  /** How far apart samples are now. */
  readonly samplingMs: Milliseconds;
  readonly wish: FloorWish;
}

// Floors closer together than this are one to the detector, and each of a heap of 60 MiB costs a pause of 20 ms.
const EVERY_MS: Readonly<Record<FloorWish, Milliseconds>> = {
  none: Number.POSITIVE_INFINITY,
  some: 30 * SECOND,
  much: 10 * SECOND,
  most: 5 * SECOND,
};
// Whatever a pause is, it must stay a small share of the time: 0.5 % while growth is in doubt, a twentieth of that at other
// times.
const LEAST_PAUSES_APART = 200;
const LEAST_PAUSES_APART_USUALLY = 4_000;
const OFTEN_EVERY_MS: Milliseconds = SECOND;
// A request that meets it waits this much longer. It is the pause in which V8 itself collects a heap of 250 MiB.
const LONGEST_PAUSE_MS: Milliseconds = 100;
// Measured for small objects, 5 to 120 MiB (Node 26, two cores): 0.35 ms a live MiB and 3 ms before the first. Half as much
// again until this process has shown its own.
const PAUSE_PER_MIB_MS: Milliseconds = 0.5;
const PAUSE_BASE_MS: Milliseconds = 3;
// Somebody would wait: collections are for moments in which next to nothing is under way.
const MOST_ACTIVE_REQUESTS = 2;
const MOST_UTILIZATION = 0.6;
// A pause is forecast from the shorter of the last two, with this much to spare: one that met a busy machine took ten times
// as long as its neighbours, and must neither count for good nor keep the next one away. No heap takes more than three times
// the usual where the machine is free.
const SPARE = 1.25;
const MOST_PER_MIB_MS: Milliseconds = 1;
const FORGOTTEN_AFTER_MS: Milliseconds = MINUTE;

const UNKNOWN_PAUSES = [PAUSE_PER_MIB_MS, PAUSE_PER_MIB_MS] as const;

/**
 * Decides when to force a collection for the sake of a true floor: V8 itself collects about once a minute when little is
 * allocated, and till then what lives cannot be told from garbage. Pure but for what it has learnt of pauses.
 */
export class FloorForcing {
  /** The last two, in ms for each MiB of the heap. */
  #pauses: readonly [number, number] = UNKNOWN_PAUSES;
  #forcedAtMs = Number.NEGATIVE_INFINITY;
  #lastMinorMs = 0;
  #minors = 0;
  #minorAtMs = Number.NEGATIVE_INFINITY;

  /** Whether this is the moment. */
  isTime({ sample, wish, activeRequests }: ForcingMoment): boolean {
    if (wish === 'none') return false;
    if (sample.uptimeMs - this.#forcedAtMs > FORGOTTEN_AFTER_MS) this.#pauses = UNKNOWN_PAUSES;
    const isQuiet =
      activeRequests <= MOST_ACTIVE_REQUESTS && (sample.loopUtilization ?? 1) <= MOST_UTILIZATION;
    if (!isQuiet || this.pauseOf(sample.heapUsed) > LONGEST_PAUSE_MS) return false;
    const lastPauseMs = PAUSE_BASE_MS + (sample.heapUsed / MiB) * Math.min(...this.#pauses);
    const apart = wish === 'some' ? LEAST_PAUSES_APART_USUALLY : LEAST_PAUSES_APART;
    const lastFloorAtMs = Math.max(sample.heapFloorAtMs ?? Number.NEGATIVE_INFINITY, this.#forcedAtMs);
    return sample.uptimeMs - lastFloorAtMs >= Math.max(EVERY_MS[wish], lastPauseMs * apart);
  }

  /**
   * Whether the young generation may be collected before an evaluation: what is in use right after is what lives and what
   * was promoted, and tells more than anything that costs so little. V8 by itself does so every ten seconds when little is
   * allocated; where it does so every second or next to nothing happens, it is left alone.
   */
  isTimeForMinor({ sample, samplingMs, wish }: MinorMoment): boolean {
    const sinceMs = sample.uptimeMs - this.#minorAtMs;
    const isOften = sample.gcMinors - this.#minors > sinceMs / OFTEN_EVERY_MS;
    const isCalm = samplingMs > CALM_SAMPLING_MS;
    const isInDoubt = wish === 'much' || wish === 'most';
    if (!isInDoubt && (isOften || isCalm)) return false;
    return sinceMs >= this.#lastMinorMs * LEAST_PAUSES_APART;
  }

  minorForced({ uptimeMs, gcMinors }: MemorySample, pauseMs: Milliseconds): void {
    this.#minorAtMs = uptimeMs;
    this.#minors = gcMinors;
    this.#lastMinorMs = pauseMs;
  }

  /** How long a collection of a heap of this size is expected to take when the machine is free. */
  pauseOf(heapUsed: Bytes): Milliseconds {
    return PAUSE_BASE_MS + (heapUsed / MiB) * Math.min(...this.#pauses, MOST_PER_MIB_MS);
  }

  /** Learns from one that was forced. */
  forced({ uptimeMs, heapUsed }: MemorySample, pauseMs: Milliseconds): void {
    this.#forcedAtMs = uptimeMs;
    const perMebibyteMs = (pauseMs / Math.max(1, heapUsed / MiB)) * SPARE;
    this.#pauses = [this.#pauses[1], perMebibyteMs];
  }
}
