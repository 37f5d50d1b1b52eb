import { ApiError } from '@maque/miniprogram';
import type { Say } from './language.ts';
import type { TextKey } from './texts.ts';

const known: Readonly<Record<string, TextKey>> = {
  ADMIN_CREDENTIALS_WRONG: 'fault.credentials',
  TOTP_WRONG: 'fault.code',
  ADMIN_LINK_INVALID: 'fault.link',
  TOO_MANY_REQUESTS: 'fault.too-many',
  OVERLOADED: 'fault.busy',
  SHUTTING_DOWN: 'fault.busy',
  NETWORK_FAILED: 'fault.network',
  NETWORK_TIMEOUT: 'fault.network',
};

/** Says why a call failed; a fault that is not expected here keeps the server's own words and its request id. */
export function faultText(error: unknown, say: Say): string {
  if (!(error instanceof ApiError)) return String(error);
  const key = known[error.code];
  if (key !== undefined) return say(key);
  const issues = error.details.map((detail) => [detail.path, detail.issue].filter(Boolean).join(': '));
  const where = error.requestId === undefined ? error.code : `${error.code}, ${error.requestId}`;
  return [error.message, ...issues].join(' · ').concat(` (${where})`);
}
