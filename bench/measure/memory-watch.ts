import type { Milliseconds } from '@maque/kit';
import { type TreeMemory, treeMemory } from './process-tree.ts';

/** Between two looks: short enough to see a young generation grow, at 1–2 ms of kernel work a process. */
const SAMPLE_EVERY_MS: Milliseconds = 150;

/** Follows the memory of process trees and keeps their peaks. */
export class MemoryWatch {
  readonly #roots: readonly number[];
  readonly #timer: ReturnType<typeof setInterval>;
  #peak: TreeMemory = { rss: 0, pss: 0 };

  constructor(roots: readonly number[]) {
    this.#roots = roots;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_EVERY_MS);
    this.#sample();
  }

  /** The highest RSS and the highest PSS seen so far. */
  get peak(): TreeMemory {
    return this.#peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const now = treeMemory(this.#roots);
    this.#peak = { rss: Math.max(this.#peak.rss, now.rss), pss: Math.max(this.#peak.pss, now.pss) };
  }
}
