import { type Milliseconds, SECOND } from '@maque/kit';
import { objectStoreErrors } from './object-store-errors.ts';

/**
 * Ends an exchange in which the store is silent for too long: not one that takes long, which a large file may, and not
 * one that waits for us. Its signal's reason is STORE_TIMED_OUT.
 */
export class StallTimer {
  readonly #controller = new AbortController();
  readonly #timeoutMs: Milliseconds;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: Milliseconds) {
    this.#timeoutMs = timeoutMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** It is the store's turn now. */
  run(): void {
    this.pause();
    const seconds = this.#timeoutMs / SECOND;
    this.#timer = setTimeout(
      () => this.#controller.abort(objectStoreErrors.STORE_TIMED_OUT({ data: { seconds } })),
      this.#timeoutMs,
    ).unref();
  }

  /** It is our turn. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Nobody wants the rest: what is under way is broken off. */
  end(): void {
    this.pause();
    this.#controller.abort();
  }
}
