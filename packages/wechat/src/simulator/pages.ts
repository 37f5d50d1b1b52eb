/** The pages of the mini-program's released version. */
export class Pages {
  readonly #known: ReadonlySet<string> | undefined;

  /** @param known without a slash in front; undefined when any page is taken for one. */
  constructor(known: readonly string[] | undefined) {
    this.#known = known === undefined ? undefined : new Set(known);
  }

  has(page: string): boolean {
    return this.#known === undefined || this.#known.has(page);
  }
}
