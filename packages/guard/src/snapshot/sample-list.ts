/** Some of many, spread evenly over them: every one, then every second, every fourth … */
export class SampleList {
  readonly items: number[] = [];
  readonly #most: number;
  #stride = 1;
  #seen = 0;

  /** @param most - how many are kept; an even number. */
  constructor(most: number) {
    this.#most = most;
  }

  add(item: number): void {
    if (this.#seen++ % this.#stride !== 0) return;
    if (this.items.length === this.#most) this.#thin();
    this.items.push(item);
  }

  #thin(): void {
    for (let at = 0; at < this.#most / 2; at++) this.items[at] = this.items[2 * at] as number;
    this.items.length = this.#most / 2;
    this.#stride *= 2;
  }
}
