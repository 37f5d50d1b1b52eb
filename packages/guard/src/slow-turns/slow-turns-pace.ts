import { HOUR, MINUTE, type Milliseconds, RingBuffer } from '@maque/kit';

// One slow turn is an accident; two in a minute are a habit. Of those that collections of garbage may explain it takes six:
// where they do, no function can be named, and where they do not, more will come.
const RECUR_MS: Milliseconds = MINUTE;
const RECUR_VOTES = 6;
const VOTES = { code: 3, collection: 1 };

// What watching costs is at most a twenty-thousandth of the time: 100 ms of standing still in half an hour.
const COST_FACTOR = 20_000;
const SHORTEST_REST_MS: Milliseconds = 5 * MINUTE;
const LONGEST_REST_MS: Milliseconds = 2 * HOUR;

// A calm loop is measured for a minute in ten.
const LISTEN_MS: Milliseconds = MINUTE;
const LISTEN_EVERY_MS: Milliseconds = 10 * MINUTE;

/** Decides when it is worth while to measure and to watch. Pure: the time comes in. */
export class SlowTurnsPace {
  readonly #recent = new RingBuffer<{ readonly atMs: Milliseconds; readonly votes: number }>(RECUR_VOTES);
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #restFactor = 1;
  #listenedAtMs = Number.NEGATIVE_INFINITY;

  /** A turn was slow. @returns whether it is time to watch. */
  slowTurn(nowMs: Milliseconds, likelyCause: keyof typeof VOTES): boolean {
    this.#recent.push({ atMs: nowMs, votes: VOTES[likelyCause] });
    return nowMs >= this.#restUntilMs && this.#recurs(nowMs);
  }

  /** Whether the delays of a calm loop are worth their measuring, which costs next to nothing but wakes the process. */
  listens(nowMs: Milliseconds, mayBeSlow: boolean): boolean {
    const sinceMs = nowMs - this.#listenedAtMs;
    if (sinceMs < LISTEN_MS || this.#recurs(nowMs)) return true;
    if (!mayBeSlow || sinceMs < LISTEN_EVERY_MS) return false;
    this.#listenedAtMs = nowMs;
    return true;
  }

  /** It was watched, or would have cost too much. Each time without a pause of hours between doubles the rest. */
  rest(nowMs: Milliseconds, costMs: Milliseconds): void {
    const restedMs = nowMs - this.#restUntilMs;
    this.#restFactor = restedMs > LONGEST_REST_MS ? 1 : this.#restFactor * 2;
    const restMs = Math.max(SHORTEST_REST_MS, costMs * COST_FACTOR) * this.#restFactor;
    this.#restUntilMs = nowMs + Math.min(restMs, LONGEST_REST_MS);
    this.#recent.clear();
  }

  #recurs(nowMs: Milliseconds): boolean {
    if (this.#recent.length === 0) return false;
    let votes = 0;
    for (const turn of this.#recent) if (nowMs - turn.atMs <= RECUR_MS) votes += turn.votes;
    return votes >= RECUR_VOTES;
  }
}
