interface Entry<Value> {
  value: Value;
  /** Whether somebody got it since it was put where it stands. */
  isUsed: boolean;
}

/**
 * A map of at most `capacity` entries: what was not used for longest goes first, nearly. As in `ByteCache`, who is asked for
 * is marked, and moved behind the others only when its turn to go has come (CLOCK): a map whose entries are moved at each
 * get writes itself anew all the time (see `PassingSet`). For a few hundred entries of like size; where sizes differ or
 * memory is what counts, `ByteCache` is bounded by bytes.
 */
export class RecentMap<Key, Value> {
  readonly capacity: number;
  readonly #entries = new Map<Key, Entry<Value>>();

  /** @throws RangeError when `capacity` is not a positive integer. */
  constructor(capacity: number) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity must be a positive integer, not ${capacity}`);
    }
    this.capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    entry.isUsed = true;
    return entry.value;
  }

  set(key: Key, value: Value): void {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.value = value;
      known.isUsed = true;
      return;
    }
    // Before, so that what comes is not the one that goes where all others are in use.
    if (this.#entries.size >= this.capacity) this.#dropOne();
    this.#entries.set(key, { value, isUsed: false });
  }

  /** Answers whether there was one. */
  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #dropOne(): void {
    // A map goes on to what is put behind while it is walked, so this ends: each mark is taken away once.
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      if (!entry.isUsed) return;
      entry.isUsed = false;
      this.#entries.set(key, entry);
    }
  }
}
