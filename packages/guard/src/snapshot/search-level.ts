import { BitSet } from './bit-set.ts';

// A pass over the bits of five million nodes takes 0.2 ms, a list as long as it is: a chain of a million nodes is as
// many levels of one.
const LIST_LIMIT = 4_096;

/** The nodes that a search reaches next: a short list, or one bit for each node of the graph. */
export class SearchLevel {
  readonly #list: number[] = [];
  readonly #bits: BitSet;
  #isList = true;

  constructor(nodeCount: number) {
    this.#bits = new BitSet(nodeCount);
  }

  get isList(): boolean {
    return this.#isList;
  }

  get isEmpty(): boolean {
    return this.#isList && this.#list.length === 0;
  }

  add(node: number): void {
    if (!this.#isList) this.#bits.add(node);
    else if (this.#list.push(node) > LIST_LIMIT) this.#becomeBits();
  }

  forEach(visit: (node: number) => void): void {
    if (this.#isList) for (const node of this.#list) visit(node);
    else this.#bits.forEach(visit);
  }

  clear(): void {
    this.#list.length = 0;
    if (!this.#isList) this.#bits.clear();
    this.#isList = true;
  }

  #becomeBits(): void {
    this.#isList = false;
    for (const node of this.#list) this.#bits.add(node);
    this.#list.length = 0;
  }
}
