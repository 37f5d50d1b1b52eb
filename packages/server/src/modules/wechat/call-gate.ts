import { errors } from '@maque/contract';

/** Bounds how many of a process's requests wait for WeChat at once: when it hangs, the rest of the server must not. */
export class CallGate {
  readonly #maxAtOnce: number;
  #inside = 0;

  constructor(maxAtOnce: number) {
    this.#maxAtOnce = maxAtOnce;
  }

  /** @throws CodedError OVERLOADED when too many wait already, else as `work` does. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#maxAtOnce) throw errors.OVERLOADED({ retryAfterSeconds: 2 });
    this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#inside -= 1;
    }
  }
}
