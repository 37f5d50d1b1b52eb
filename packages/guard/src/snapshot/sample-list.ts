// Enough to tell whether one place holds them or several.
const MAX_SAMPLES = 64;

/** Some of many, spread evenly over them: every one, then every second, every fourth … */
export class SampleList {
  readonly items: number[] = [];
  #stride = 1;
  #seen = 0;

  add(item: number): void {
    if (this.#seen++ % this.#stride !== 0) return;
    if (this.items.length === MAX_SAMPLES) this.#thin();
    this.items.push(item);
  }

  #thin(): void {
    for (let at = 0; at < MAX_SAMPLES / 2; at++) this.items[at] = this.items[2 * at] as number;
    this.items.length = MAX_SAMPLES / 2;
    this.#stride *= 2;
  }
}
