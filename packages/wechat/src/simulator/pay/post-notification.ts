import { type Bytes, KiB, type Milliseconds } from '@maque/kit';
import type { SignedNotification } from './compose-notification.ts';
import { isLoopback } from './is-loopback.ts';

/** What came of one try: the HTTP status, or why there was none. */
export type PostOutcome = number | 'timeout' | 'unreachable' | 'not this computer';

// An acknowledgement is a few words; the connection of a server that says more is not worth keeping.
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
  { timeoutMs, signal }: PostOptions,
): Promise<PostOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    if (!isLoopback(new URL(url).hostname)) return 'not this computer';
    const response = await fetch(url, {
      ...{ method: 'POST', headers, redirect: 'manual' },
      // Node's type for a body knows no Buffer of a shared memory.
      body: new Uint8Array(body),
      signal: AbortSignal.any([timeout, signal]),
    });
    await drain(response);
    return response.status;
  } catch {
    return timeout.aborted ? 'timeout' : 'unreachable';
  }
}

/** Reads the answer to its end, so that the connection serves the next notification. */
async function drain(response: Response): Promise<void> {
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_ANSWER) return;
  }
}
