import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Milliseconds } from '@maque/kit';
import { BUSY_UTILIZATION } from './sampling-interval.ts';

// Twenty ticks a second give ten to a sample under load. Each wakes the process: measured idle, with nothing else to
// do, 367 µs of CPU a second at 50 ms (Node 26; 24: 694), 990 at 20 ms, 1,178 for the same in a JavaScript timer. An
// idle process must not pay that, so the ticks run only while the loop is busy, when they cost next to nothing; one
// that is free three quarters of the time can be late for a callback, but not for half of them.
const TICK_MS: Milliseconds = 50;

export interface LoopReading {
  /** Share of the time since the last reading in which the loop was not waiting. */
  readonly utilization: number | null;
  /** Null while the loop is calm. */
  readonly delayP50Ms: Milliseconds | null;
  readonly delayP99Ms: Milliseconds | null;
  /** The longest delay; null while the loop is calm. */
  readonly delayMaxMs: Milliseconds | null;
}

/** Reads how busy and how late the event loop is. */
export class LoopDelay {
  readonly #ticks = monitorEventLoopDelay({ resolution: TICK_MS });
  #ticking = false;
  #last = performance.eventLoopUtilization();

  /**
   * Reads the time since the last reading.
   * @param timerLateMs how late the reader's own timer came: all that is known of the delay of a calm loop, and no
   * median.
   */
  read(timerLateMs: Milliseconds | null): LoopReading {
    const now = performance.eventLoopUtilization();
    const active = now.active - this.#last.active;
    const elapsed = active + now.idle - this.#last.idle;
    const utilization = elapsed > 0 ? active / elapsed : null;
    this.#last = now;
    const reading = {
      utilization,
      delayP50Ms: this.#percentile(50),
      delayP99Ms: this.#percentile(99) ?? timerLateMs,
      delayMaxMs: this.#percentile(100),
    };
    if (this.#ticking) this.#ticks.reset();
    this.#setTicking(utilization !== null && utilization >= BUSY_UTILIZATION);
    return reading;
  }

  stop(): void {
    this.#setTicking(false);
  }

  /** The histogram holds the time between two ticks, in ns; what is above the tick itself is delay. */
  #percentile(percent: number): Milliseconds | null {
    if (!this.#ticking || this.#ticks.count === 0) return null;
    return Math.max(0, this.#ticks.percentile(percent) / 1e6 - TICK_MS);
  }

  #setTicking(ticking: boolean): void {
    if (ticking === this.#ticking) return;
    this.#ticking = ticking;
    if (ticking) this.#ticks.enable();
    else this.#ticks.disable();
  }
}
