import { NumbersList } from './numbers-list.ts';

const WORD_BITS = 32;

/** Which nodes are strings, and the index of their text: a quarter of a byte a node and four a string. */
export class StringNodes {
  readonly #names = new NumbersList();
  /** A bit a node, and beside each word of bits how many strings came before it. */
  readonly #bits = new NumbersList();
  readonly #before = new NumbersList();
  #word = 0;
  #count = 0;
  #beforeWord = 0;

  /** The next node; `name` is null when it is no string. */
  push(name: number | null): void {
    if (name !== null) {
      this.#word |= 1 << (this.#count % WORD_BITS);
      this.#names.push(name);
    }
    this.#count++;
    if (this.#count % WORD_BITS === 0) this.end();
  }

  /** The last node was pushed. */
  end(): void {
    this.#bits.push(this.#word);
    this.#before.push(this.#beforeWord);
    this.#word = 0;
    this.#beforeWord = this.#names.length;
  }

  /** The index of a string's text; null when the node is none. */
  nameOf(node: number): number | null {
    const word = Math.floor(node / WORD_BITS);
    const bit = 1 << (node % WORD_BITS);
    const bits = this.#bits.at(word);
    if ((bits & bit) === 0) return null;
    return this.#names.at(this.#before.at(word) + countBits(bits & (bit - 1)));
  }
}

function countBits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}
