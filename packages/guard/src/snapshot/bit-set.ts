/** One bit for each of a fixed number of nodes. */
export class BitSet {
  readonly #words: Uint32Array;

  constructor(size: number) {
    this.#words = new Uint32Array(Math.ceil(size / 32));
  }

  has(index: number): boolean {
    return (((this.#words[index >>> 5] as number) >>> (index & 31)) & 1) === 1;
  }

  add(index: number): void {
    const word = index >>> 5;
    this.#words[word] = (this.#words[word] as number) | (1 << (index & 31));
  }

  clear(): void {
    this.#words.fill(0);
  }

  /** All members, lowest first. */
  forEach(visit: (index: number) => void): void {
    const words = this.#words;
    for (let word = 0; word < words.length; word++) {
      for (let rest = words[word] as number; rest !== 0; rest &= rest - 1) {
        visit(word * 32 + (31 - Math.clz32(rest & -rest)));
      }
    }
  }
}
