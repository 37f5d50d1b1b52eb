const BLOCK = 16;
const MANY = 255;

/** Which edges belong to which node, in 1.25 bytes a node: how many each has, and where every sixteenth begins. */
export class EdgeRanges {
  /** All edges that were added. */
  total = 0;
  readonly #counts: Uint8Array;
  readonly #begins: Uint32Array;
  /** The few that have more than a byte can say. */
  readonly #many = new Map<number, number>();

  constructor(nodeCount: number) {
    this.#counts = new Uint8Array(nodeCount);
    this.#begins = new Uint32Array(Math.ceil(nodeCount / BLOCK));
  }

  /** The next node's edges follow those of the last. */
  push(node: number, count: number): void {
    if (node % BLOCK === 0) this.#begins[node / BLOCK] = this.total;
    this.#counts[node] = Math.min(count, MANY);
    if (count >= MANY) this.#many.set(node, count);
    this.total += count;
  }

  countOf(node: number): number {
    const count = this.#counts[node] as number;
    return count < MANY ? count : (this.#many.get(node) ?? count);
  }

  /** Number of a node's first edge. */
  firstOf(node: number): number {
    const begin = node - (node % BLOCK);
    let first = this.#begins[begin / BLOCK] as number;
    for (let before = begin; before < node; before++) first += this.countOf(before);
    return first;
  }
}
