import type { Bytes, Milliseconds } from '@maque/kit';
import type { MemoryCgroup } from '../../measure/memory-cgroup.ts';

/** A leak of 100 MB/s grows 5 MB between two looks. */
const SAMPLE_EVERY_MS: Milliseconds = 50;

/** Follows what a group holds without the page cache. */
export class GroupMemoryWatch {
  readonly #cgroup: MemoryCgroup;
  readonly #timer: ReturnType<typeof setInterval>;
  #peak: Bytes = 0;

  constructor(cgroup: MemoryCgroup) {
    this.#cgroup = cgroup;
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, this.#cgroup.readAnonymous());
    }, SAMPLE_EVERY_MS);
  }

  get peak(): Bytes {
    return this.#peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
