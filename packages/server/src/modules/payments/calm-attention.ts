import { type Clock, MINUTE, type Milliseconds, RecentMap } from '@maque/kit';
import type { Attention } from '../../logging/attention.ts';

/** As often as an operator hears of one code from the keeper. */
const TELL_AGAIN_MS: Milliseconds = MINUTE;
/** More than there are codes here. */
const MOST_CODES = 64;

/** Tells of each code once a minute: anybody can send forged notifications, as many as they like. */
export function createCalmAttention(attention: Attention, clock: Clock): Attention {
  const toldAtMs = new RecentMap<string, Milliseconds>(MOST_CODES);
  return (error) => {
    const nowMs = clock.monotonic();
    const lastMs = toldAtMs.get(error.code) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - lastMs < TELL_AGAIN_MS) return;
    toldAtMs.set(error.code, nowMs);
    attention(error);
  };
}
