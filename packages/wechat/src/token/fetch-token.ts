import { type Milliseconds, SECOND } from '@maque/kit';
import type { ApiFacts } from '../http/api-facts.ts';
import type { Caller } from '../http/caller.ts';
import type { WechatCall } from '../http/fetch-answer.ts';
import type { JsonAnswer } from '../http/read-answer.ts';
import { textField, unreadable } from '../http/read-fields.ts';

export const STABLE_TOKEN: ApiFacts = {
  method: 'POST',
  path: '/cgi-bin/stable_token',
  page: 'getStableAccessToken',
  call: 'client.accessToken',
  summary: {
    en: 'The access token that any number of servers may share; fetched, kept and renewed without being asked.',
    zh: '可由多台服务器共用的稳定版接口调用凭证；自动获取、保存与续期。',
  },
  errcodes: [
    -1, 40001, 40002, 40013, 40125, 40164, 40243, 41002, 41004, 43002, 45009, 45011, 89503, 89506, 89507,
  ],
};

export const LEGACY_TOKEN: ApiFacts = {
  method: 'GET',
  path: '/cgi-bin/token',
  page: 'getAccessToken',
  call: "client.accessToken (tokenMode: 'legacy')",
  summary: {
    en: 'The old access token: each fetch ends the one before it. Only for accounts that must.',
    zh: '旧版接口调用凭证：每次获取都会使前一个失效，仅供必须使用的账号。',
  },
  errcodes: [
    -1, 40001, 40002, 40013, 40125, 40164, 40243, 41002, 41004, 45009, 50004, 50007, 89503, 89506, 89507,
  ],
};

export const TOKEN_APIS: readonly ApiFacts[] = [STABLE_TOKEN, LEGACY_TOKEN];

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
  return { ...STABLE_TOKEN, body };
}

function legacyRequest({ appId, secret }: Account): Request {
  const query = { grant_type: 'client_credential', appid: appId, secret };
  return { ...LEGACY_TOKEN, query };
}

function readToken(path: string, answer: JsonAnswer): FreshToken {
  const seconds = answer.expires_in;
  if (typeof seconds !== 'number' || !(seconds > 0)) throw unreadable(path, 'JSON without expires_in');
  return { token: textField(path, answer, 'access_token'), leftMs: seconds * SECOND };
}
