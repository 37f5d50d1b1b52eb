import { type Bytes, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import type { MemorySample } from '../sample/memory-sample.ts';
import type { FloorWish } from './leak-watch.ts';

export interface ForcingMoment {
  readonly sample: MemorySample;
  readonly wish: FloorWish;
  /** Requests in flight. */
  readonly activeRequests: number;
}

// Floors closer together than this are one to the detector, and each of a heap of 60 MiB costs a pause of 20 ms.
const MUCH_EVERY_MS: Milliseconds = 10 * SECOND;
const SOME_EVERY_MS: Milliseconds = 60 * SECOND;
// Whatever a pause is, it must stay a small share of the time: 0.25 %.
const LEAST_PAUSES_APART = 400;
// A request that meets it waits this much longer. It is the pause in which V8 itself collects a heap of 250 MiB.
const LONGEST_PAUSE_MS: Milliseconds = 100;
// Measured for small objects, 5 to 120 MiB (Node 26, two cores): 0.35 ms a live MiB and 3 ms before the first. Twice that
// until this process has shown its own.
const PAUSE_PER_MIB_MS: Milliseconds = 0.7;
const PAUSE_BASE_MS: Milliseconds = 4;
// Somebody would wait: collections are for moments in which next to nothing is under way.
const MOST_ACTIVE_REQUESTS = 2;
const MOST_UTILIZATION = 0.6;
// A pause is forecast from the last one with this much to spare. One that came on a busy machine must not count for good.
const SPARE = 1.25;
const FORGOTTEN_AFTER_MS: Milliseconds = 10 * MINUTE;

/**
 * Decides when to force a collection for the sake of a true floor: V8 itself collects about once a minute when little is
 * allocated, and till then what lives cannot be told from garbage. Pure but for what it has learnt of pauses.
 */
export class FloorForcing {
  #perMebibyteMs = PAUSE_PER_MIB_MS;
  #lastPauseMs = 0;
  #forcedAtMs = Number.NEGATIVE_INFINITY;

  /** Whether this is the moment. */
  isTime({ sample, wish, activeRequests }: ForcingMoment): boolean {
    if (wish === 'none') return false;
    if (sample.uptimeMs - this.#forcedAtMs > FORGOTTEN_AFTER_MS) this.#perMebibyteMs = PAUSE_PER_MIB_MS;
    const isQuiet =
      activeRequests <= MOST_ACTIVE_REQUESTS && (sample.loopUtilization ?? 1) <= MOST_UTILIZATION;
    if (!isQuiet || this.pauseOf(sample.heapUsed) > LONGEST_PAUSE_MS) return false;
    const everyMs = wish === 'much' ? MUCH_EVERY_MS : SOME_EVERY_MS;
    const lastFloorAtMs = Math.max(sample.heapFloorAtMs ?? Number.NEGATIVE_INFINITY, this.#forcedAtMs);
    return sample.uptimeMs - lastFloorAtMs >= Math.max(everyMs, this.#lastPauseMs * LEAST_PAUSES_APART);
  }

  /** How long a collection of a heap of this size is expected to take. */
  pauseOf(heapUsed: Bytes): Milliseconds {
    return PAUSE_BASE_MS + (heapUsed / MiB) * this.#perMebibyteMs;
  }

  /** Learns from one that was forced. */
  forced({ uptimeMs, heapUsed }: MemorySample, pauseMs: Milliseconds): void {
    this.#forcedAtMs = uptimeMs;
    this.#lastPauseMs = pauseMs;
    this.#perMebibyteMs = (Math.max(0, pauseMs - PAUSE_BASE_MS / 2) / Math.max(1, heapUsed / MiB)) * SPARE;
  }
}
