const PAGE = 65_536;

/** 32-bit numbers one after the other; grows by pages of 256 KiB, so that growing never copies. */
export class NumbersList {
  length = 0;
  readonly #pages: Uint32Array[] = [];

  push(value: number): void {
    const at = this.length++;
    if (at % PAGE === 0) this.#pages.push(new Uint32Array(PAGE));
    (this.#pages[this.#pages.length - 1] as Uint32Array)[at % PAGE] = value;
  }

  at(index: number): number {
    return this.#pages[Math.floor(index / PAGE)]?.[index % PAGE] ?? 0;
  }
}
