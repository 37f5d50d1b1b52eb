import type { Bytes } from '@maque/kit';
import { SampleList } from './sample-list.ts';

/** An object to look at, and what it stands for. */
export interface ElementSample {
  readonly node: number;
  readonly weight: Bytes;
}

const EVEN_SAMPLES = 64;
const HEAVY_SAMPLES = 16;

// Beyond that many the lighter half is forgotten. What owns much is met again and again, and stays.
const MAX_WEIGHED = 4_096;

/** Some of the objects that are being added: an even choice, and those that own most. */
export class ElementSamples {
  readonly #even = new SampleList(EVEN_SAMPLES);
  #weights = new Map<number, Bytes>();
  #count = 0;
  #total: Bytes = 0;

  /** One more object that is being added. */
  add(element: number): void {
    this.#count++;
    this.#even.add(element);
  }

  /** Something that it owns, or itself. */
  weigh(element: number, size: Bytes): void {
    this.#total += size;
    this.#weights.set(element, (this.#weights.get(element) ?? 0) + size);
    if (this.#weights.size > MAX_WEIGHED) this.#weights = new Map(this.#heaviest(MAX_WEIGHED / 2));
  }

  /** The heaviest first. */
  items(): ElementSample[] {
    const average = this.#count === 0 ? 1 : this.#total / this.#count;
    const nodes = new Set([...this.#heaviest(HEAVY_SAMPLES).map(([node]) => node), ...this.#even.items]);
    return [...nodes]
      .map((node) => ({ node, weight: this.#weights.get(node) ?? average }))
      .sort((a, b) => b.weight - a.weight);
  }

  #heaviest(most: number): [number, Bytes][] {
    return [...this.#weights].sort(([, a], [, b]) => b - a).slice(0, most);
  }
}
