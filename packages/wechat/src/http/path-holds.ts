import { type Clock, type Milliseconds, SECOND } from '@maque/kit';
import type { WechatError } from '../errors/wechat-error.ts';

// A mini-program backend uses some twenty paths of WeChat; beyond this the oldest hold is forgotten.
const MAX_PATHS = 64;

interface Hold {
  readonly untilMs: Milliseconds;
  readonly error: WechatError;
}

/** Paths that WeChat refuses for everybody for a while: calls there would only make it worse. */
export class PathHolds {
  readonly #holds = new Map<string, Hold>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The refusal that still stands for this path, if one does. */
  standing(path: string): WechatError | undefined {
    const hold = this.#holds.get(path);
    if (hold === undefined) return undefined;
    if (this.#clock.monotonic() < hold.untilMs) return hold.error;
    this.#holds.delete(path);
    return undefined;
  }

  /** The quotas have been reset: what was refused for theirs may be called again. */
  releaseQuotas(): void {
    for (const [path, { error }] of this.#holds) {
      if (error.code === 'WECHAT_QUOTA_USED_UP') this.#holds.delete(path);
    }
  }

  /** Lets no call of the error's path through for as long as the error says. */
  place(error: WechatError): void {
    const spanMs = (error.retryAfterSeconds ?? 0) * SECOND;
    this.#holds.delete(error.path);
    this.#holds.set(error.path, { untilMs: this.#clock.monotonic() + spanMs, error });
    const [oldest] = this.#holds.keys();
    if (this.#holds.size > MAX_PATHS && oldest !== undefined) this.#holds.delete(oldest);
  }
}
