import type { Bytes, Milliseconds } from '@maque/kit';
import { treeMemory } from '../measure/process-tree.ts';
import type { BoxPart } from './box-part.ts';

/** Short enough to see a snapshot's copies grow; one look at all processes takes a few milliseconds. */
const SAMPLE_EVERY_MS: Milliseconds = 150;

/** Greatest PSS seen so far. */
export interface SeenPeaks {
  readonly ofService: ReadonlyMap<string, Bytes>;
  /** Of all of them at the same time. */
  readonly inAll: Bytes;
}

/** Follows the memory of every process of a box, by the groups that they are in. */
export class ServiceWatch {
  readonly #parts: readonly BoxPart[];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #peaks = new Map<string, Bytes>();
  #inAll: Bytes = 0;

  constructor(parts: readonly BoxPart[]) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_EVERY_MS);
    this.#sample();
  }

  get peaks(): SeenPeaks {
    return { ofService: this.#peaks, inAll: this.#inAll };
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    let sum = 0;
    for (const { service, cgroup } of this.#parts) {
      const { pss } = treeMemory(cgroup.readPids());
      this.#peaks.set(service, Math.max(pss, this.#peaks.get(service) ?? 0));
      sum += pss;
    }
    this.#inAll = Math.max(this.#inAll, sum);
  }
}
