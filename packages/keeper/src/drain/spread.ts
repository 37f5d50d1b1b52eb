/**
 * Spreads what has to end over a stretch of time: each gets a random moment of it, so that clients who come back at once
 * do not come back together.
 */
export class Spread<Item extends object> {
  readonly #random: () => number;
  readonly #moments = new WeakMap<Item, number>();

  /** @param random a number from 0 (included) to 1 (excluded). */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Whether an item's moment has come. @param progress how much of the time is over, 0 to 1. */
  isDue(item: Item, progress: number): boolean {
    let moment = this.#moments.get(item);
    if (moment === undefined) {
      moment = this.#random();
      this.#moments.set(item, moment);
    }
    return progress >= moment;
  }
}
