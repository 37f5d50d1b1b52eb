import { MiB, SECOND } from '@maque/kit';
import type { DetectorSample } from '../../../packages/guard/src/detect/detector-sample.ts';
import type { Curve } from './curves.ts';
import type { Draw } from './draw.ts';

/** What lives in a process, in MiB by seconds, and how busy it is. */
export interface LiveSet {
  readonly heap: Curve;
  readonly external: Curve;
  readonly native: Curve;
  readonly traffic: Curve;
  /** MiB of Buffers that die each second, once they are replaced: they stay until the next major collection. */
  readonly dyingExternal: Curve;
}

export interface Box {
  readonly seconds: number;
  /** Between two samples. */
  readonly stepSeconds: number;
  readonly heapMebibytes: number;
  readonly boxMebibytes: number;
}

const REQUESTS_PER_SECOND = 30;
// V8 collects when memory that its objects own has grown by this much since the last time.
const EXTERNAL_PATIENCE = 64;

/**
 * Samples of a process around whose live set garbage piles up until a collector as lazy as V8's takes it away: a minor
 * collection when the young generation is full, a major one when the heap has grown by a factor since the last. Pages
 * that were touched once stay resident.
 */
export function collectLazily(live: LiveSet, box: Box, draw: Draw): DetectorSample[] {
  const { seconds, stepSeconds } = box;
  const heap = new LazyHeap(draw);
  const nativeStart = draw.between(38, 60);
  const allocatedPerSecond = draw.scaled(1, 40);
  const samples: DetectorSample[] = [];
  let served = 0;
  let deadExternal = 0;
  let externalFloor = 0;
  for (let second = stepSeconds; second < seconds; second += stepSeconds) {
    const traffic = live.traffic(second);
    const allocated = allocatedPerSecond * traffic * stepSeconds * draw.between(0.7, 1.3);
    deadExternal += live.dyingExternal(second) * stepSeconds;
    const isExternalLarge = live.external(second) + deadExternal - externalFloor > EXTERNAL_PATIENCE;
    if (heap.step(second, stepSeconds, live.heap(second), allocated, isExternalLarge)) {
      deadExternal = 0;
      externalFloor = live.external(second);
    }
    const external = live.external(second) + deadExternal;
    // Over its first minutes a process touches some more pages of code and buffers.
    const settling = Math.min(10, (5 * second) / (0.08 * seconds + 10));
    const resident =
      nativeStart + heap.resident + external * 0.95 + live.native(second) + draw.between(0, 2) + settling;
    served += REQUESTS_PER_SECOND * traffic * stepSeconds;
    samples.push({
      atMs: second * SECOND,
      heapUsed: heap.used * MiB,
      heapTotal: heap.committed * MiB,
      heapFloor: heap.floor === null ? null : heap.floor * MiB,
      heapFloorAtMs: heap.floorAt === null ? null : heap.floorAt * SECOND,
      heapLimit: box.heapMebibytes * MiB,
      minors: heap.minors,
      external: external * MiB,
      resident: resident * MiB,
      boxLimit: box.boxMebibytes * MiB,
      boxUsed: null,
      requests: [Math.round(served)],
    });
  }
  return samples;
}

/** All in MiB and seconds. */
class LazyHeap {
  used = 0;
  committed = 12;
  resident = 0;
  minors = 0;
  floor: number | null = null;
  floorAt: number | null = null;
  readonly #draw: Draw;
  readonly #promoted: number;
  readonly #largestYoung: number;
  readonly #growth: number;
  readonly #leastGrowth: number;
  #young = 0;
  #youngSize = 1;
  #touchedYoung = 2;
  #garbage = 0;
  #touched = 0;
  #threshold: number;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#promoted = draw.scaled(0.002, 0.08);
    this.#largestYoung = draw.of([16, 16, 32, 64]);
    this.#leastGrowth = draw.between(4, 16);
    this.#growth = draw.between(1.25, 1.8);
    this.#threshold = draw.between(11, 24);
  }

  /** @returns whether there was a major collection. */
  step(second: number, stepSeconds: number, live: number, allocated: number, isAsked: boolean): boolean {
    this.#young += allocated;
    this.#collectYoung();
    // Now and then a major collection comes for another reason, such as an idle moment.
    const isMajor = live + this.#garbage > this.#threshold || isAsked || this.#draw.chance(0.0008);
    if (isMajor) this.#collectAll(live, second - stepSeconds * this.#draw.next());
    this.used = live + this.#garbage + this.#young;
    const young = 3 * this.#youngSize;
    this.committed = Math.max(this.committed, live + this.#garbage + young + 2);
    this.#touchedYoung += (young - this.#touchedYoung) * Math.min(1, 0.01 * stepSeconds);
    this.#touchedYoung = Math.min(young, this.#touchedYoung);
    this.#touched = Math.max(this.#touched, live + this.#garbage + this.#touchedYoung);
    this.resident = Math.min(this.#touched, this.committed);
    return isMajor;
  }

  #collectYoung(): void {
    const collections = Math.floor(this.#young / this.#youngSize);
    if (collections === 0) return;
    this.minors += collections;
    const left = this.#young % this.#youngSize;
    this.#garbage += this.#promoted * (this.#young - left) * 0.5;
    this.#young = left;
    if (this.#youngSize < this.#largestYoung && this.#draw.chance(0.04 * collections)) this.#youngSize *= 2;
  }

  #collectAll(live: number, at: number): void {
    this.#garbage = this.#draw.between(0, 0.3);
    this.#young = 0;
    this.floor = live + this.#garbage + this.#draw.between(0, 0.5);
    this.floorAt = at;
    this.#threshold = Math.max(live * this.#growth, live + this.#leastGrowth);
    if (this.#draw.chance(0.05)) {
      this.committed = live + 3;
      this.#youngSize = Math.min(4, this.#largestYoung);
    }
  }
}
