/**
 * Whoever wants to hear of something: a bounded set of functions. One that throws is warned about once and stays, so that a
 * faulty logger neither ends the watch nor floods the log.
 */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>();
  readonly #failed = new WeakSet<(value: Value) => void>();
  readonly #max: number;
  readonly #name: string;

  /** @param name of the method that adds them, for the errors. */
  constructor(name: string, max: number) {
    this.#name = name;
    this.#max = max;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** @throws RangeError when there are too many already. @returns a function that removes it. */
  add(listener: (value: Value) => void): () => void {
    if (this.#listeners.size >= this.#max) {
      throw new RangeError(
        `the guard takes ${this.#max} listeners; is ${this.#name} called for each request?`,
      );
    }
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(value: Value): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#warnOnce(listener, error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }

  #warnOnce(listener: (value: Value) => void, error: unknown): void {
    if (this.#failed.has(listener)) return;
    this.#failed.add(listener);
    process.emitWarning(`A listener of the guard failed: ${error}`, { code: 'MAQUE_GUARD_LISTENER' });
  }
}
