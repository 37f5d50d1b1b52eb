import { type CodedError, MINUTE, SECOND } from '@maque/kit';
import { alertErrors } from '../alert-errors.ts';
import type { PostAnswer } from '../post-json.ts';

// What a server that says no more than "too many" means by it.
const DEFAULT_WAIT_SECONDS = MINUTE / SECOND;
const LONGEST_WAIT_SECONDS = 3_600;

/** What an answer's status says: undefined for a success. */
export function httpFault(channel: string, { status, headers }: PostAnswer): CodedError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const data = { channel, reason: `HTTP ${status}` };
  const retryAfter = Number(headers['retry-after']);
  if (status === 429 || (status === 503 && retryAfter > 0)) {
    const seconds = retryAfter > 0 ? Math.min(retryAfter, LONGEST_WAIT_SECONDS) : DEFAULT_WAIT_SECONDS;
    return alertErrors.ALERT_RATE_LIMITED({ data, retryAfterSeconds: seconds });
  }
  return status >= 500 || status === 408
    ? alertErrors.ALERT_UNREACHABLE({ data })
    : alertErrors.ALERT_REFUSED({ data });
}
