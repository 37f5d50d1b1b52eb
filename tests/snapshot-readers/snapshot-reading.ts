/** What a reader of heap snapshots finds in one. */
export interface SnapshotReading {
  readonly nodes: number;
  /** How many objects of a type and name there are, their own size and what they keep alive, in bytes. */
  readonly classes: Readonly<Record<string, readonly [count: number, self: number, retained: number]>>;
  /** Who keeps the book of orders, from the book to the root: `OrderBook in property orderBook`. */
  readonly path: readonly string[];
}
