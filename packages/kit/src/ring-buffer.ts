/** The last `capacity` values, oldest first; pushing onto a full buffer drops the oldest. */
export class RingBuffer<Value> {
  readonly capacity: number;
  readonly #slots: (Value | undefined)[];
  #start = 0;
  #length = 0;

  /** @throws RangeError when `capacity` is not a positive integer. */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity must be a positive integer, not ${capacity}`);
    }
    this.capacity = capacity;
    this.#slots = new Array<Value | undefined>(capacity);
  }

  get length(): number {
    return this.#length;
  }

  push(value: Value): void {
    this.#slots[(this.#start + this.#length) % this.capacity] = value;
    if (this.#length < this.capacity) this.#length += 1;
    else this.#start = (this.#start + 1) % this.capacity;
  }

  /** The value at `index`, 0 the oldest, -1 the newest; undefined outside. */
  at(index: number): Value | undefined {
    const offset = index < 0 ? this.#length + index : index;
    if (offset < 0 || offset >= this.#length) return undefined;
    return this.#slots[(this.#start + offset) % this.capacity];
  }

  clear(): void {
    this.#slots.fill(undefined);
    this.#start = 0;
    this.#length = 0;
  }

  *[Symbol.iterator](): IterableIterator<Value> {
    for (let index = 0; index < this.#length; index += 1) yield this.at(index) as Value;
  }
}
