import type { Clock, Milliseconds } from '@maque/kit';

/** What is done about slow answers: nothing, without optional work, or with fewer requests at once too. */
export type SlownessLevel = 'none' | 'lean' | 'shedding';

export interface LatencyGoalOptions {
  /** 95 of 100 requests are to be answered within this time. */
  readonly goalMs: Milliseconds;
  /** Share of time, since it was asked last, in which the event loop was busy: 0 to 1. */
  readonly utilization: () => number;
  readonly clock: Clock;
}

/** The 95th percentile is above the goal exactly when more than this share of requests took longer. */
const TOLERATED_SHARE = 0.05;
const WINDOW_MS: Milliseconds = 500;
/** What is judged is the last two seconds: a burst is over by then, and nobody has waited long. */
const WINDOWS = 4;
/** In fewer requests one slow one would be a twentieth. */
const FEWEST_REQUESTS = 20;
/**
 * Below this the time goes by elsewhere: WeChat, another server, a client that sends slowly. Doing less here would make
 * nothing faster.
 */
const BUSY_UTILIZATION = 0.6;
/** Windows of slowness without optional work until requests are turned away: two seconds, as many as are judged. */
const LEAN_WINDOWS = 4;
/** Windows without slowness until a level is left: longer than what is judged, so that it does not flap. */
const CALM_WINDOWS = 6;
/** Places are taken away fast and given back slowly, as TCP does with its window (RFC 5681 §3.1). */
const SHRINK = 0.8;
const GROW = 0.1;
const LEAST_SHARE = 1 / 8;

interface Window {
  total: number;
  slow: number;
}

/**
 * Holds the server to its goal: 95 of 100 answers within so much time. When the server itself is why they are late, it
 * first leaves out what is optional, and when that is not enough, it works on fewer requests at once, so that the newest
 * are turned away instead of all being late. Costs two additions a request; time moves on with them, without a timer.
 */
export class LatencyGoal {
  readonly #options: LatencyGoalOptions;
  readonly #windows: Window[] = [{ total: 0, slow: 0 }];
  #windowEndsAtMs: Milliseconds;
  /** Windows in a row that were too slow, and since when none was. */
  #slowWindows = 0;
  #calmWindows = CALM_WINDOWS;
  #level: SlownessLevel = 'none';
  #share = 1;

  constructor(options: LatencyGoalOptions) {
    this.#options = options;
    this.#windowEndsAtMs = options.clock.monotonic() + WINDOW_MS;
  }

  /** A request was answered whose time is this server's to answer for. */
  record(tookMs: Milliseconds): void {
    this.#turn();
    const window = this.#windows.at(-1) as Window;
    window.total += 1;
    if (tookMs > this.#options.goalMs) window.slow += 1;
  }

  get level(): SlownessLevel {
    this.#turn();
    return this.#level;
  }

  /** Of the places for requests, how many may be taken: 1 to 1/8. */
  get share(): number {
    this.#turn();
    return this.#share;
  }

  #turn(): void {
    const nowMs = this.#options.clock.monotonic();
    if (nowMs < this.#windowEndsAtMs) return;
    const passed = 1 + Math.floor((nowMs - this.#windowEndsAtMs) / WINDOW_MS);
    this.#windowEndsAtMs += passed * WINDOW_MS;
    this.#judge(this.#isTooSlow());
    // Windows in which nothing was asked are calm ones.
    for (let idle = 1; idle < Math.min(passed, CALM_WINDOWS + WINDOWS); idle += 1) {
      this.#push();
      this.#judge(false);
    }
    this.#push();
  }

  #isTooSlow(): boolean {
    const utilization = this.#options.utilization();
    let [total, slow] = [0, 0];
    for (const window of this.#windows) {
      total += window.total;
      slow += window.slow;
    }
    return total >= FEWEST_REQUESTS && slow > total * TOLERATED_SHARE && utilization >= BUSY_UTILIZATION;
  }

  #push(): void {
    this.#windows.push({ total: 0, slow: 0 });
    if (this.#windows.length > WINDOWS) this.#windows.shift();
  }

  #judge(isTooSlow: boolean): void {
    this.#slowWindows = isTooSlow ? this.#slowWindows + 1 : 0;
    this.#calmWindows = isTooSlow ? 0 : this.#calmWindows + 1;
    if (this.#slowWindows > LEAN_WINDOWS) {
      this.#level = 'shedding';
      this.#share = Math.max(LEAST_SHARE, this.#share * SHRINK);
    } else if (isTooSlow) {
      if (this.#level === 'none') this.#level = 'lean';
    } else {
      this.#share = Math.min(1, this.#share + GROW);
      if (this.#calmWindows < CALM_WINDOWS) return;
      this.#level = this.#share < 1 ? 'shedding' : 'none';
    }
  }
}
