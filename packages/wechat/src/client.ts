import { type Bytes, type Clock, MiB, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import { transportError, type WechatError } from './errors/wechat-error.ts';
import { type CallReport, createCaller } from './http/caller.ts';
import type { JsonAnswer } from './http/read-answer.ts';
import { codeToSession, type WechatSession } from './login/code-to-session.ts';
import { checkSessionKey, resetUserSessionKey, type SessionKeyOwner } from './login/session-key.ts';
import { fetchPhoneNumber, type PhoneCode, type PhoneNumber } from './phone/phone-number.ts';
import { AccessTokens } from './token/access-tokens.ts';
import { createApiCaller } from './token/call-with-token.ts';
import { fetchToken, type TokenMode, TRIES_OF_ONE_FETCH } from './token/fetch-token.ts';
import { createMemoryTokenStore, type TokenStore } from './token/token-store.ts';

/** The host of all server-side calls. */
export const WECHAT_BASE_URL = 'https://api.weixin.qq.com';

// WeChat answers within a second; a user who waits on us gives up after some 10, and a retry must fit before that.
const DEFAULT_TIMEOUT: Milliseconds = 5 * SECOND;

// The largest JSON answers are lists of some 10 KB.
const DEFAULT_MAX_ANSWER: Bytes = MiB;

export interface WechatClientOptions {
  readonly appId: string;
  readonly secret: string;
  /** WeChat's unless told; the simulator's in development. https, or http on a loopback address. */
  readonly baseUrl?: string;
  /** Where processes share the access token; this process alone unless told. */
  readonly tokenStore?: TokenStore;
  /** `stable` unless told. */
  readonly tokenMode?: TokenMode;
  /** How long one try of a call may take, its body included: 5 s unless told. */
  readonly timeoutMs?: Milliseconds;
  /** The largest answer read: 1 MiB unless told. */
  readonly maxAnswerBytes?: Bytes;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** A number in [0, 1). */
  readonly random?: () => number;
  readonly sleep?: (ms: Milliseconds) => Promise<void>;
  /** Told of every exchange with WeChat, for metrics and logs. */
  readonly onCall?: (report: CallReport) => void;
  /** Told of failures that an operator must act on or know of, also where no caller sees them. */
  readonly onAlert?: (error: WechatError) => void;
}

/** A call of an API that has no method of its own here. */
export interface ApiRequest {
  /** POST unless told, as with nearly all of WeChat's APIs. */
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** A repetition does no harm, so it is sent again (twice at most) when WeChat is busy. False unless told. */
  readonly idempotent?: boolean;
}

export interface WechatClient {
  readonly appId: string;
  /** See {@link codeToSession}. */
  code2Session(code: string): Promise<WechatSession>;
  /** See {@link checkSessionKey}. */
  checkSessionKey(owner: SessionKeyOwner): Promise<boolean>;
  /** See {@link resetUserSessionKey}. */
  resetUserSessionKey(owner: SessionKeyOwner): Promise<SessionKeyOwner>;
  /** See {@link fetchPhoneNumber}. */
  phoneNumber(request: PhoneCode): Promise<PhoneNumber>;
  /** The access token, for calls that are made elsewhere; `callApi` handles refused ones by itself. @throws WechatError */
  accessToken(): Promise<string>;
  /** Calls any API with the access token. @throws WechatError, or TypeError when the path is not one. */
  callApi(path: string, request?: ApiRequest): Promise<JsonAnswer>;
}

/**
 * A client of WeChat's server API for one mini-program.
 * @throws TypeError when the AppID, the secret or the base URL cannot be right.
 */
export function createWechatClient(options: WechatClientOptions): WechatClient {
  const account = { appId: options.appId, secret: options.secret };
  assertCredential('appId', account.appId);
  assertCredential('secret', account.secret);
  const baseUrl = readBaseUrl(options.baseUrl ?? WECHAT_BASE_URL);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const sleep = options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const onAlert = quietly(options.onAlert);
  const tokenMode = options.tokenMode ?? 'stable';

  const call = createCaller({
    baseUrl,
    timeoutMs,
    maxAnswerBytes: options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER,
    fetch: options.fetch ?? fetch,
    clock,
    random,
    sleep,
    onCall: quietly(options.onCall),
    onAlert,
  });
  const tokens = new AccessTokens({
    store: options.tokenStore ?? createMemoryTokenStore(),
    fetchToken: () => fetchToken(call, tokenMode, account),
    issuedFor: `${baseUrl} ${account.appId} ${tokenMode}`,
    claimMs: TRIES_OF_ONE_FETCH * timeoutMs + 2 * SECOND,
    clock,
    random,
    sleep,
    onStoreFault: (error) => onAlert(tokenStoreError(error)),
  });
  const callWithToken = createApiCaller(call, tokens, onAlert);

  return {
    appId: account.appId,
    code2Session: (code) => codeToSession(call, account, code),
    checkSessionKey: (owner) => checkSessionKey(callWithToken, owner),
    resetUserSessionKey: (owner) => resetUserSessionKey(callWithToken, owner),
    phoneNumber: (request) => fetchPhoneNumber(callWithToken, account.appId, request),
    accessToken: () => tokens.get(),
    async callApi(path, { method = 'POST', idempotent = false, ...request } = {}) {
      if (!/^(\/[\w.-]+)+$/.test(path)) throw new TypeError('a path such as /wxa/msg_sec_check is expected');
      return callWithToken({ ...request, method, path, maxRetries: idempotent ? 2 : 0, secrets: [] });
    },
  };
}

function assertCredential(name: string, value: string): void {
  // Never quotes the value: one of the two is a secret, and they are easily put in each other's place.
  if (!/^[\x21-\x7e]{1,128}$/.test(value))
    throw new TypeError(`${name} must be 1 to 128 characters without spaces`);
}

function readBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (
    url === undefined ||
    url.search !== '' ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))
  ) {
    throw new TypeError(
      'baseUrl must be an https address, or http on a loopback address: it carries the secret',
    );
  }
  return url.href.replace(/\/$/, '');
}

function tokenStoreError(error: unknown): WechatError {
  // Only a name: the message or the query of a database error may hold the token.
  const reason = error instanceof Error ? error.name : 'unknown';
  return transportError('WECHAT_TOKEN_STORE_FAILED', 'token store', { reason });
}

/** A hook that observes must not break what it observes. */
function quietly<Value>(hook: ((value: Value) => void) | undefined): (value: Value) => void {
  return (value) => {
    try {
      hook?.(value);
    } catch {
      // The hook's own fault; there is nobody here to tell.
    }
  };
}
