/** How the file uses a string; a string can be used in several ways, for the file holds equal texts once. */
export const Use = {
  /** The content of a string, the source of a regular expression, the value of a number: what users say. */
  data: 1,
  /** The name of a function or a script. */
  code: 2,
  /** What an object is called: its class, or what its `Symbol.toStringTag` says. */
  object: 4,
  /** A property. */
  property: 8,
  /** A variable that a closure captured. */
  variable: 16,
  /** A word of V8 or of Node's native side. */
  internal: 32,
} as const;

const PAGE = 65_536;

/** A byte for each string of a file, by its index. Only pages that are used take memory: 1 MiB for a million strings. */
export class StringUses {
  readonly #pages: (Uint8Array | undefined)[] = [];

  add(index: number, use: number): void {
    const at = Math.floor(index / PAGE);
    this.#pages[at] ??= new Uint8Array(PAGE);
    const page = this.#pages[at] as Uint8Array;
    page[index % PAGE] = (page[index % PAGE] as number) | use;
  }

  of(index: number): number {
    return this.#pages[Math.floor(index / PAGE)]?.[index % PAGE] ?? 0;
  }
}
