import type { Bytes, Clock, Milliseconds } from '@maque/kit';
import { attempt } from './attempt.ts';
import type { BoxReading } from './box-memory.ts';
import type { GcReading } from './gc-floor.ts';
import type { LoopReading } from './loop-delay.ts';
import { finiteOrNull, type MemorySample } from './memory-sample.ts';
import type { ProcessMemory } from './process-memory.ts';

// A single major collection of 150 ms is 30 % of a 500 ms interval; over five seconds it is 3 %, and a heap that
// thrashes still shows within a few samples.
const GC_SHARE_SPAN_MS: Milliseconds = 5_000;

/**
 * Where the numbers come from. Each may fail or answer NaN; the sample says null, or keeps the last value, where it
 * must have one.
 */
export interface SampleReaders {
  readonly memory: () => ProcessMemory;
  /** @param loopLateMs how late the event loop came at most since the last sample; null when nobody knows. */
  readonly gc: (loopLateMs: Milliseconds | null) => GcReading;
  readonly loop: (timerLateMs: Milliseconds | null) => LoopReading;
  readonly box: () => BoxReading;
  readonly handles: () => number;
}

/**
 * Puts one sample together from its readers: 20 µs in a loop on Node 26, 110 to 180 twice a second between requests, when
 * nothing is in a cache: 45 of them for statm, 25 for the heap, 17 for the loop, 10 for what is read once a second.
 */
export class SampleTaker {
  readonly #readers: SampleReaders;
  readonly #clock: Clock;
  readonly #heapLimit: Bytes;
  #last: MemorySample | null = null;

  constructor(readers: SampleReaders, clock: Clock, heapLimit: Bytes) {
    this.#readers = readers;
    this.#clock = clock;
    this.#heapLimit = heapLimit;
  }

  take(timerLateMs: Milliseconds | null): MemorySample {
    const last = this.#last;
    const memory = attempt(this.#readers.memory);
    const loop = attempt(() => this.#readers.loop(timerLateMs));
    const gc = attempt(() => this.#readers.gc(loop?.delayMaxMs ?? null));
    const box = attempt(this.#readers.box);
    const uptimeMs = Math.max(finiteOrNull(this.#clock.monotonic()) ?? 0, last?.uptimeMs ?? 0);
    const heapTotal = finiteOrNull(memory?.heapTotal) ?? last?.heapTotal ?? 0;
    const external = finiteOrNull(memory?.external) ?? last?.external ?? 0;
    const anonymous = finiteOrNull(memory?.anonymous);
    const gcMs = finiteOrNull(gc?.totalMs) ?? last?.gcMs ?? 0;
    const sample: MemorySample = {
      atMs: this.#clock.now(),
      uptimeMs,
      heapUsed: finiteOrNull(memory?.heapUsed) ?? last?.heapUsed ?? 0,
      heapTotal,
      heapFloor: finiteOrNull(gc?.floor),
      heapFloorAtMs: finiteOrNull(gc?.floorAtMs),
      heapLimit: this.#heapLimit,
      external,
      arrayBuffers: finiteOrNull(memory?.arrayBuffers),
      // Buffers that were allocated and not yet touched count as external but are not resident: never below zero.
      native: anonymous === null ? null : Math.max(0, anonymous - heapTotal - external),
      anonymous,
      rss: finiteOrNull(memory?.rss),
      gcMajors: finiteOrNull(gc?.majors) ?? last?.gcMajors ?? 0,
      gcMinors: finiteOrNull(gc?.minors) ?? last?.gcMinors ?? 0,
      gcMs,
      gcShare: finiteOrNull(smoothedGcShare(last, gcMs, uptimeMs)) ?? 0,
      loopUtilization: finiteOrNull(loop?.utilization),
      loopDelayP50Ms: finiteOrNull(loop?.delayP50Ms),
      loopDelayP99Ms: finiteOrNull(loop?.delayP99Ms),
      handles: finiteOrNull(attempt(this.#readers.handles)),
      boxKind: box?.kind ?? 'machine',
      boxLimit: finiteOrNull(box?.limit),
      boxUsed: finiteOrNull(box?.used),
      memoryStall: finiteOrNull(box?.stall),
    };
    this.#last = sample;
    return sample;
  }
}

/** An exponential average whose weight follows the length of the interval, so that it means the same at any pace. */
function smoothedGcShare(last: MemorySample | null, gcMs: Milliseconds, uptimeMs: Milliseconds): number {
  if (last === null) return 0;
  const elapsedMs = uptimeMs - last.uptimeMs;
  if (elapsedMs <= 0) return last.gcShare;
  const share = Math.min(1, Math.max(0, (gcMs - last.gcMs) / elapsedMs));
  return last.gcShare + (share - last.gcShare) * (1 - Math.exp(-elapsedMs / GC_SHARE_SPAN_MS));
}
