import { type Clock, HOUR, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import type { AcquiredToken } from './acquire-token.ts';
import type { StoredToken } from './token-store.ts';

// The platform renews a token 5 minutes before its end; from then on a fetch brings a new one.
const RENEWAL_WINDOW: Milliseconds = 5 * MINUTE;

/** What is left is at least the time a call takes: a token that dies on the way is refused. */
export const SAFETY_MARGIN: Milliseconds = 10 * SECOND;

// The longest that WeChat's tokens live; a record that claims more was written by a clock that is wrong.
const LONGEST_LIFE: Milliseconds = 2 * HOUR;

// Spreads the processes over the first of the five minutes in which both tokens work.
const MAX_JITTER: Milliseconds = MINUTE;

// When a fetch in the renewal window brings the same token again, or when somebody else is fetching: not at once.
const SHORTEST_WAIT: Milliseconds = SECOND;

/** A token as this process holds it; both times are on its monotonic clock. */
export interface HeldToken {
  readonly token: string;
  readonly generation: number;
  readonly refreshAtMs: Milliseconds;
  readonly endsAtMs: Milliseconds;
}

/**
 * Starts to age a token.
 * @param nowMs monotonic; `leftMs` counts from here.
 * @param random in [0, 1).
 */
export function holdToken(acquired: AcquiredToken, nowMs: Milliseconds, random: number): HeldToken {
  const { token, generation, leftMs } = acquired;
  const wait = leftMs - RENEWAL_WINDOW + random * MAX_JITTER;
  return {
    token,
    generation,
    refreshAtMs: nowMs + Math.max(wait, SHORTEST_WAIT),
    endsAtMs: nowMs + leftMs,
  };
}

/** What a record's token has left by the wall clock, which is all that processes share; from then on it ages monotonically. */
export function leftOf(record: StoredToken, clock: Clock): Milliseconds {
  return clamp(record.expiresAtMs - clock.now(), LONGEST_LIFE);
}

/** What a record's claim has left; bounded by the longest claim there is, whatever the writer's clock said. */
export function claimLeftOf(record: StoredToken, clock: Clock, longestClaim: Milliseconds): Milliseconds {
  return clamp(record.claimedUntilMs - clock.now(), longestClaim);
}

function clamp(ms: Milliseconds, longest: Milliseconds): Milliseconds {
  return Math.min(Math.max(ms, 0), longest);
}
