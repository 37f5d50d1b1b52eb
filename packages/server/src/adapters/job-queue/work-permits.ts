import type { PressureLevel } from '@maque/guard';

/**
 * How much work of one sort this process may do beside requests now. Under pressure one thing at a time: such a level can
 * last for hours on a small box, and payments must be seen to all the same. When memory is critical, nothing.
 */
export class WorkPermits {
  readonly #pressure: () => PressureLevel;
  #taken = 0;

  constructor(pressure: () => PressureLevel) {
    this.#pressure = pressure;
  }

  /** How many more things may begin. */
  get free(): number {
    const level = this.#pressure();
    if (level === 'none') return Number.POSITIVE_INFINITY;
    return level === 'elevated' ? Math.max(0, 1 - this.#taken) : 0;
  }

  /** Does one thing that has begun. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#taken += 1;
    try {
      return await work();
    } finally {
      this.#taken -= 1;
    }
  }
}
