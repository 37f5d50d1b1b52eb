import type { Bytes, Milliseconds } from '@maque/kit';
import type { WatchedWorker, WorkerView } from './box-view.ts';
import { FloorTrack } from './floor-track.ts';
import { GrowthTrack } from './growth-track.ts';
import { HeapTrack } from './heap-track.ts';
import type { ProcFiles } from './proc-files.ts';
import { forgetWorker, readWorkerBytes, type WorkerBytes } from './worker-memory.ts';

interface Tracks {
  anonymousBytes: Bytes;
  readonly growth: GrowthTrack;
  readonly floor: FloorTrack;
  readonly heap: HeapTrack;
}

/** All workers at one moment. */
export interface SeenWorkers {
  readonly views: readonly WorkerView[];
  /** What is theirs alone and cannot be dropped, together. */
  readonly anonymousBytes: Bytes;
}

/** Follows each worker's memory for as long as it lives. */
export class WorkerWatch {
  readonly #files: ProcFiles;
  readonly #pageSize: Bytes;
  readonly #tracks = new Map<number, Tracks>();

  constructor(files: ProcFiles, pageSize: Bytes) {
    this.#files = files;
    this.#pageSize = pageSize;
  }

  /**
   * Looks at each worker once; those that cannot be read, or not yet, are left out.
   * @param swapped whether anything of the box is swapped out.
   */
  see(workers: readonly WatchedWorker[], nowMs: Milliseconds, swapped: boolean): SeenWorkers {
    this.#forgetAllBut(new Set(workers.map(({ pid }) => pid)));
    let anonymousBytes = 0;
    const views: WorkerView[] = [];
    // The keeper shares the program's pages too.
    const reading = { pageSize: this.#pageSize, sharers: workers.length + 1, swapped };
    for (const worker of workers) {
      const read = readWorkerBytes(this.#files, { ...reading, pid: worker.pid });
      const view = read === null ? null : this.#track(worker, read, nowMs);
      if (view !== null) views.push(view);
      anonymousBytes += read?.anonymous ?? 0;
    }
    return { views, anonymousBytes };
  }

  /** Whether one has taken so much since it was seen last: a glance, for a third of what seeing costs. */
  hasGrown(workers: readonly WatchedWorker[], leastBytes: Bytes): boolean {
    const reading = { pageSize: this.#pageSize, sharers: 1, swapped: false };
    return workers.some(({ pid }) => {
      const seen = this.#tracks.get(pid)?.anonymousBytes ?? 0;
      const now = readWorkerBytes(this.#files, { ...reading, pid })?.anonymous ?? 0;
      return now - seen >= leastBytes;
    });
  }

  #track(
    { id, pid, phase, budgetBytes, status }: WatchedWorker,
    { bytes, anonymous }: WorkerBytes,
    nowMs: Milliseconds,
  ): WorkerView | null {
    const tracks = this.#tracksOf(pid);
    const { growth, floor, heap } = tracks;
    tracks.anonymousBytes = anonymous;
    heap.hear(status);
    growth.add(nowMs, bytes);
    floor.add(nowMs, bytes - heap.garbageBytes);
    const grown = growth.growth();
    if (grown === null) return null;
    return { id, pid, phase, budgetBytes, growth: grown, risingFloor: floor.rising(), heap: heap.outlook() };
  }

  #tracksOf(pid: number): Tracks {
    const known = this.#tracks.get(pid);
    if (known !== undefined) return known;
    const tracks = {
      anonymousBytes: 0,
      growth: new GrowthTrack(),
      floor: new FloorTrack(),
      heap: new HeapTrack(),
    };
    this.#tracks.set(pid, tracks);
    return tracks;
  }

  #forgetAllBut(living: ReadonlySet<number>): void {
    for (const pid of this.#tracks.keys()) {
      if (living.has(pid)) continue;
      this.#tracks.delete(pid);
      forgetWorker(this.#files, pid);
    }
  }
}
