import { type Bytes, KiB, type Milliseconds } from '@maque/kit';
import { isLoopback } from '../is-loopback.ts';
import { sendHttp } from '../send-http.ts';
import type { SignedNotification } from './compose-notification.ts';

/** What came of one try: the HTTP status, or why there was none. */
export type PostOutcome = number | 'timeout' | 'unreachable' | 'not this computer';

// An acknowledgement is a few words, and what it says does not count.
const MAX_ANSWER: Bytes = 16 * KiB;

interface PostOptions {
  readonly timeoutMs: Milliseconds;
  /** Breaks it off. */
  readonly signal: AbortSignal;
}

/**
 * Sends a notification as WeChat does: no redirects, and only the status counts. The keys are not WeChat's, so other
 * computers would only be alarmed: nothing is sent to them.
 */
export async function postNotification(
  url: string,
  { body, headers }: SignedNotification,
  options: PostOptions,
): Promise<PostOutcome> {
  if (!isLoopback(new URL(url).hostname)) return 'not this computer';
  const limits = { ...options, maxBytes: MAX_ANSWER, keepBytes: 0 };
  const { status, error } = await sendHttp({ url, method: 'POST', headers, body }, limits);
  return status ?? (error === 'TIMED_OUT' ? 'timeout' : 'unreachable');
}
