import { type Clock, MINUTE, type Milliseconds } from '@maque/kit';
import type { PushErrorCode } from '@maque/wechat/push';

/** These come after a signature that was right, so one is enough: a wrong setting, a wrong clock, or a replay. */
const TOLD_AT_ONCE: ReadonlySet<string> = new Set<PushErrorCode>([
  'WECHAT_PUSH_STALE',
  'WECHAT_PUSH_REPLAYED',
  'WECHAT_PUSH_KEY_MISSING',
  'WECHAT_PUSH_KEY_WRONG',
  'WECHAT_PUSH_APPID_MISMATCH',
]);
/** Anybody can send these: one is a stray request, three are a wrong setting or somebody who tries. */
const TOLD_WHEN_REPEATED: ReadonlySet<string> = new Set<PushErrorCode>([
  'WECHAT_PUSH_SIGNATURE_WRONG',
  'WECHAT_PUSH_NOT_ENCRYPTED',
]);
const REPEATED = 3;
const WINDOW_MS: Milliseconds = 10 * MINUTE;
/** As often as an operator hears of one code. */
const TELL_AGAIN_MS: Milliseconds = MINUTE;

interface Count {
  refusals: number;
  sinceMs: Milliseconds;
  toldAtMs: Milliseconds;
}

/** Tells which refusals an operator should hear of. Holds one small record for each code. */
export class RefusalWatch {
  readonly #clock: Clock;
  readonly #counts = new Map<string, Count>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a refusal; answers whether to tell. */
  note(code: string): boolean {
    if (!TOLD_AT_ONCE.has(code) && !TOLD_WHEN_REPEATED.has(code)) return false;
    const nowMs = this.#clock.monotonic();
    const count = this.#countOf(code, nowMs);
    count.refusals += 1;
    const isEnough = TOLD_AT_ONCE.has(code) || count.refusals >= REPEATED;
    if (!isEnough || nowMs - count.toldAtMs < TELL_AGAIN_MS) return false;
    count.toldAtMs = nowMs;
    return true;
  }

  #countOf(code: string, nowMs: Milliseconds): Count {
    const known = this.#counts.get(code);
    if (known !== undefined && nowMs - known.sinceMs < WINDOW_MS) return known;
    const toldAtMs = known?.toldAtMs ?? Number.NEGATIVE_INFINITY;
    const count = { refusals: 0, sinceMs: nowMs, toldAtMs };
    this.#counts.set(code, count);
    return count;
  }
}
