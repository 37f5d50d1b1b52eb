import type { Milliseconds } from '@maque/kit';

/** One request to a server, and what came of it. */
export interface PushTry {
  readonly what: 'push' | 'url-check';
  readonly ok: boolean;
  readonly ms: Milliseconds;
  /** The HTTP status; null without an answer. */
  readonly status: number | null;
  /** Why there was none, such as `ECONNREFUSED` or `TIMED_OUT`; null with an answer. */
  readonly error: string | null;
  /** What was answered, decrypted; at most 512 characters. */
  readonly reply: string;
}
