import { type Milliseconds, SECOND } from '@maque/kit';
import type { Caller } from '../http/caller.ts';
import type { WechatCall } from '../http/fetch-answer.ts';
import type { JsonAnswer } from '../http/read-answer.ts';
import { textField, unreadable } from '../http/read-fields.ts';

/**
 * `stable`: repeated fetches give the same token, so any number of deployments may share an AppID.
 * `legacy`: every fetch makes a new token and the one before dies 5 minutes later; only for accounts that must.
 */
export type TokenMode = 'stable' | 'legacy';

export interface Account {
  readonly appId: string;
  readonly secret: string;
}

export interface FreshToken {
  readonly token: string;
  readonly leftMs: Milliseconds;
}

// Fetching again gives the same token or another good one, so a busy or broken answer is worth two more tries.
const MAX_RETRIES = 2;

/** How many times the timeout of a call one fetch can take at the most. */
export const TRIES_OF_ONE_FETCH = MAX_RETRIES + 1;

/** Fetches an access token, never by force. @throws WechatError */
export async function fetchToken(call: Caller, mode: TokenMode, account: Account): Promise<FreshToken> {
  const request = mode === 'stable' ? stableRequest(account) : legacyRequest(account);
  const answer = await call({ ...request, maxRetries: MAX_RETRIES, secrets: [account.secret] });
  return readToken(request.path, answer);
}

type Request = Pick<WechatCall, 'method' | 'path' | 'query' | 'body'>;

function stableRequest({ appId, secret }: Account): Request {
  const body = { grant_type: 'client_credential', appid: appId, secret, force_refresh: false };
  return { method: 'POST', path: '/cgi-bin/stable_token', body };
}

function legacyRequest({ appId, secret }: Account): Request {
  const query = { grant_type: 'client_credential', appid: appId, secret };
  return { method: 'GET', path: '/cgi-bin/token', query };
}

function readToken(path: string, answer: JsonAnswer): FreshToken {
  const seconds = answer.expires_in;
  if (typeof seconds !== 'number' || !(seconds > 0)) throw unreadable(path, 'JSON without expires_in');
  return { token: textField(path, answer, 'access_token'), leftMs: seconds * SECOND };
}
