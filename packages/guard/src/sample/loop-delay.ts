import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { type Milliseconds, SECOND } from '@maque/kit';

// Twenty ticks a second give ten to a sample under load. Each wakes the process: measured idle, with nothing else to
// do, 367 µs of CPU a second at 50 ms (Node 26; 24: 694), 990 at 20 ms, 1,178 for the same in a JavaScript timer. An
// idle process must not pay that, so the ticks run only while the loop is busy, when they cost next to nothing; one
// that is free three quarters of the time can be late for a callback, but not for half of them.
const TICK_MS: Milliseconds = 50;
// What one takes in a loop that is a third busy: measured with a thousand a second, on and off by turns.
const TICK_COST_MS: Milliseconds = 0.004;
const BUSY_UTILIZATION = 0.25;
// To begin anew clears the histogram, 20 to 50 µs: a process at the threshold must not begin with every other sample. Nor is one
// to go on for ever that was busy at its start alone: 10,000 small requests a second are 0.15.
const CALM_UTILIZATION = 0.2;

// The histogram of ticks is 270 KiB of counters: to find a percentile takes 20 to 40 µs. Its maximum is kept beside it, and
// where that is nothing that anybody feels there is little to look for. A timer may come a millisecond early.
const LOOK_EVERY_MS: Milliseconds = 0.9 * SECOND;
const LOOK_QUICK_EVERY_MS: Milliseconds = 3.9 * SECOND;
const QUICK_MS: Milliseconds = 20;

// Of a hundred ticks or fewer the worst hundredth is the worst: no need to look for it.
const MAXIMUM_SPAN_MS: Milliseconds = 100 * TICK_MS;

export interface LoopReading {
  /** Share of the time since the last reading in which the loop was not waiting. */
  readonly utilization: number | null;
  /** Null while the loop is calm. */
  readonly delayP50Ms: Milliseconds | null;
  readonly delayP99Ms: Milliseconds | null;
  /** No delay was longer: of a calm loop all that it worked since the last reading. Null before it runs. */
  readonly delayMaxMs: Milliseconds | null;
}

/** Reads how busy and how late the event loop is. */
export class LoopDelay {
  readonly #onCost: (ms: Milliseconds) => void;
  readonly #ticks = monitorEventLoopDelay({ resolution: TICK_MS });
  #ticking = false;
  #listening = false;
  /** The longest delay in the histogram, which is only cleared once a second; and the same once, to be taken. */
  #knownMs: Milliseconds = 0;
  #longestMs: Milliseconds = 0;
  #last = readLoopTimes();
  #lookedAtMs = 0;
  #p50Ms: Milliseconds | null = null;
  #p99Ms: Milliseconds | null = null;

  /** @param onCost told what the ticks took, which nobody sees who works in the loop itself. */
  constructor(onCost: (ms: Milliseconds) => void = () => {}) {
    this.#onCost = onCost;
  }

  /**
   * Reads the time since the last reading; percentiles are up to a second old, five while no delay is long.
   * @param timerLateMs how late the reader's own timer came: all that is known of the delay of a calm loop, and no
   * median.
   */
  read(timerLateMs: Milliseconds | null): LoopReading {
    const now = readLoopTimes();
    const elapsed = now.ranMs - this.#last.ranMs;
    const active = Math.max(0, elapsed - (now.idleMs - this.#last.idleMs));
    const utilization = elapsed > 0 ? active / elapsed : null;
    this.#last = now;
    if (this.#ticking) this.#onCost((elapsed / TICK_MS) * TICK_COST_MS);
    // Zero before the first tick.
    const longest = this.#ticking ? this.#ticks.max : 0;
    if (longest > 0) {
      this.#note(delayOf(longest));
      this.#look(delayOf(longest));
    }
    const worked = elapsed > 0 ? active : null;
    const delayMaxMs = longest > 0 ? delayOf(longest) : worked;
    const reading = {
      utilization,
      delayP50Ms: this.#p50Ms,
      delayP99Ms: this.#p99Ms ?? timerLateMs,
      delayMaxMs,
    };
    const busyFrom = this.#ticking ? CALM_UTILIZATION : BUSY_UTILIZATION;
    this.#setTicking(this.#listening || (utilization !== null && utilization >= busyFrom));
    return reading;
  }

  /** Whether delays are being measured now, not only bounded. */
  get ticking(): boolean {
    return this.#ticking;
  }

  /** Keeps the ticks running from the next reading on even while the loop is calm, for what they cost then. */
  listen(listening: boolean): void {
    this.#listening = listening;
  }

  /** The longest delay that readings have newly found since it was last taken; 0 while nobody measures. */
  takeLongest(): Milliseconds {
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  stop(): void {
    this.#setTicking(false);
  }

  #note(delayMaxMs: Milliseconds): void {
    if (delayMaxMs <= this.#knownMs) return;
    this.#knownMs = delayMaxMs;
    this.#longestMs = delayMaxMs;
  }

  #look(delayMaxMs: Milliseconds): void {
    const now = performance.now();
    const sinceMs = now - this.#lookedAtMs;
    if (sinceMs < (delayMaxMs < QUICK_MS ? LOOK_QUICK_EVERY_MS : LOOK_EVERY_MS)) return;
    this.#lookedAtMs = now;
    this.#p50Ms = delayOf(this.#ticks.percentile(50));
    this.#p99Ms = sinceMs <= MAXIMUM_SPAN_MS ? delayMaxMs : delayOf(this.#ticks.percentile(99));
    this.#clear();
  }

  #clear(): void {
    this.#ticks.reset();
    this.#knownMs = 0;
  }

  #setTicking(ticking: boolean): void {
    if (ticking === this.#ticking) return;
    this.#ticking = ticking;
    if (ticking) {
      this.#clear();
      this.#ticks.enable();
      return;
    }
    this.#ticks.disable();
    this.#p50Ms = null;
    this.#p99Ms = null;
  }
}

interface LoopTimes {
  /** Since the loop began. */
  readonly ranMs: Milliseconds;
  readonly idleMs: Milliseconds;
}

/** What `eventLoopUtilization()` reckons from, at half its price (1.6 µs instead of 3.4 between requests). */
function readLoopTimes(): LoopTimes {
  const { loopStart, idleTime } = performance.nodeTiming;
  // Negative before it begins: loading an app is no turn of the loop.
  return { ranMs: loopStart < 0 ? 0 : performance.now() - loopStart, idleMs: idleTime };
}

/** The histogram holds the time between two ticks, in ns; what is above the tick itself is delay. */
function delayOf(nanoseconds: number): Milliseconds {
  return Math.max(0, nanoseconds / 1e6 - TICK_MS);
}
