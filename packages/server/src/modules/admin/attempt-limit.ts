import { errors } from '@maque/contract';
import { ByteCache, type Clock, KiB, MINUTE, type Milliseconds } from '@maque/kit';

/** Attempts of one kind from one place within the window: enough for a forgetful human, nothing for a machine. */
const MAX_ATTEMPTS = 10;
const WINDOW_MS: Milliseconds = 15 * MINUTE;
/** About 500 places. An attacker with more addresses pushes the oldest ones out, and meets scrypt's own limit. */
const MAX_BYTES = 128 * KiB;

/** Counts failed attempts by key, within bounded memory. Each worker counts for itself: N workers allow N times as many. */
export class AttemptLimit {
  readonly #failures: ByteCache<{ count: number; readonly sinceMs: Milliseconds }>;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#failures = new ByteCache({ maxBytes: MAX_BYTES, sizeOf: () => 32, ttlMs: WINDOW_MS, clock });
  }

  /** @throws CodedError TOO_MANY_REQUESTS when a key has failed too often within the last quarter of an hour. */
  check(keys: readonly string[]): void {
    for (const key of keys) {
      const failures = this.#failures.get(key);
      if (failures === undefined || failures.count < MAX_ATTEMPTS) continue;
      const leftMs = failures.sinceMs + WINDOW_MS - this.#clock.monotonic();
      throw errors.TOO_MANY_REQUESTS({ retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)) });
    }
  }

  failed(keys: readonly string[]): void {
    for (const key of keys) {
      const failures = this.#failures.get(key);
      if (failures !== undefined) failures.count += 1;
      else this.#failures.set(key, { count: 1, sinceMs: this.#clock.monotonic() });
    }
  }

  succeeded(keys: readonly string[]): void {
    for (const key of keys) this.#failures.delete(key);
  }
}
