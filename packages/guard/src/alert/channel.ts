import type { Milliseconds } from '@maque/kit';
import type { AlertMessage } from './alert-message.ts';

export type ChannelName = 'wecom' | 'dingtalk' | 'feishu' | 'email' | 'webhook';

/** No more than `count` messages in any `windowMs`. */
export interface RateLimit {
  readonly count: number;
  readonly windowMs: Milliseconds;
}

/** A way to tell people. */
export interface Channel {
  readonly name: ChannelName;
  readonly limits: readonly RateLimit[];
  /**
   * Sends once.
   * @throws CodedError `ALERT_UNREACHABLE` (worth another try), `ALERT_RATE_LIMITED` (not before
   * `retryAfterSeconds`), `ALERT_REFUSED` or `ALERT_EMAIL_UNAVAILABLE` (no use). None holds a secret.
   */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>;
}
