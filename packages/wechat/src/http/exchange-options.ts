import type { Bytes, Clock, Milliseconds } from '@maque/kit';

/** What the clients of WeChat and of WeChat Pay let their users choose alike. */
export interface ExchangeOptions {
  /** How long one try of a call may take, its body included: 5 s unless told. While a bill comes, the longest silence. */
  readonly timeoutMs?: Milliseconds;
  /** The largest answer or notification read: 1 MiB unless told. Bills are not held and have no such bound. */
  readonly maxAnswerBytes?: Bytes;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** A number in [0, 1). */
  readonly random?: () => number;
  readonly sleep?: (ms: Milliseconds) => Promise<void>;
}
