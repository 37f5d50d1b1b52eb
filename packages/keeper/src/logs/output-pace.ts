import { type Bytes, MiB, type Milliseconds, SECOND } from '@maque/kit';

export interface OutputPaceOptions {
  /** What is kept of a stream for any length of time. */
  readonly bytesPerSecond?: Bytes;
  /** What is kept of it at once. */
  readonly burstBytes?: Bytes;
}

// 1,000 requests a second with a line of 1 KiB each, or ten times what a chatty app prints.
const BYTES_PER_SECOND = MiB;

// A large object printed with all its parts. Four times as much would cost the keeper 16 MiB for its strings (measured).
const BURST_BYTES = MiB;

/**
 * Decides how much of what a worker prints is kept. Beyond a burst, what is over the rate is dropped, in stretches of
 * about a second: what is kept in between are whole passages, not scraps.
 */
export class OutputPace {
  readonly #bytesPerSecond: Bytes;
  readonly #burst: Bytes;
  #allowance: Bytes;
  #atMs: Milliseconds | undefined;
  #isDropping = false;

  /** @throws RangeError when a burst is less than a second's worth: it would never be allowed again. */
  constructor(options: OutputPaceOptions = {}) {
    this.#bytesPerSecond = options.bytesPerSecond ?? BYTES_PER_SECOND;
    this.#burst = options.burstBytes ?? BURST_BYTES;
    if (!(this.#bytesPerSecond > 0 && this.#burst >= this.#bytesPerSecond)) {
      throw new RangeError(
        `a burst of ${this.#burst} bytes must be a second's worth (${this.#bytesPerSecond}) at least`,
      );
    }
    this.#allowance = this.#burst;
  }

  /** Whether so many bytes may be kept now. @param nowMs monotonic. */
  admits(bytes: Bytes, nowMs: Milliseconds): boolean {
    const passedMs = nowMs - (this.#atMs ?? nowMs);
    this.#atMs = nowMs;
    this.#allowance = Math.min(this.#burst, this.#allowance + (this.#bytesPerSecond * passedMs) / SECOND);
    this.#isDropping = this.#allowance < (this.#isDropping ? this.#bytesPerSecond : bytes);
    if (!this.#isDropping) this.#allowance -= bytes;
    return !this.#isDropping;
  }
}
