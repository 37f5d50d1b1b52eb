import { type Bytes, MiB } from '@maque/kit';
import type { FloodCollector } from './flood-collector.ts';

// A collection of the young generation takes 0.05 ms and more for each of these; what a flood costs then is the reading.
const COLLECT_EVERY_BYTES: Bytes = 2 * MiB;

// What was in use during such a collection counts as old from then on. A full one takes 6 ms for a keeper's heap.
const MINOR_FOR_EACH_MAJOR = 32;

/**
 * Keeps what is read and thrown away from piling up as garbage. V8 lets some 60 MiB of dead buffers lie before it
 * collects them, which is more than the whole keeper; with this a flood of 48 MB/s adds 7 MiB to one, for as long as it
 * lasts, and takes it 8 % of a core (Node 26, measured).
 */
export class FloodGarbage {
  #bytes: Bytes = 0;
  #collections = 0;
  #collector: FloodCollector | undefined;
  #isLoading = false;

  add(bytes: Bytes): void {
    this.#bytes += bytes;
    if (this.#bytes < COLLECT_EVERY_BYTES) return;
    this.#bytes = 0;
    if (this.#collector === undefined) {
      if (!this.#isLoading) void this.#load();
      return;
    }
    this.#collections += 1;
    if (this.#collections % MINOR_FOR_EACH_MAJOR === 0) this.#collector.major();
    else this.#collector.minor();
  }

  /** A keeper whose workers behave does without its code. */
  async #load(): Promise<void> {
    this.#isLoading = true;
    const { createFloodCollector } = await import('./flood-collector.ts');
    this.#collector = createFloodCollector();
  }
}
