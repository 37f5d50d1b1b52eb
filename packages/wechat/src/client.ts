import { SECOND } from '@maque/kit';
import { type ClientGroups, createGroups } from './client-groups.ts';
import { resolveOptions, type WechatClientOptions } from './client-options.ts';
import { transportError, type WechatError } from './errors/wechat-error.ts';
import { createCallers } from './http/caller.ts';
import type { JsonAnswer } from './http/read-answer.ts';
import { codeToSession, type WechatSession } from './login/code-to-session.ts';
import { checkSessionKey, resetUserSessionKey, type SessionKeyOwner } from './login/session-key.ts';
import { fetchPhoneNumber, type PhoneCode, type PhoneNumber } from './phone/phone-number.ts';
import { AccessTokens } from './token/access-tokens.ts';
import { createApiCaller } from './token/call-with-token.ts';
import { fetchToken, TRIES_OF_ONE_FETCH } from './token/fetch-token.ts';

/** A call of an API that has no method of its own here. */
export interface ApiRequest {
  /** POST unless told, as with nearly all of WeChat's APIs. */
  readonly method?: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** A repetition does no harm, so it is sent again (twice at most) when WeChat is busy. False unless told. */
  readonly idempotent?: boolean;
}

export interface WechatClient extends ClientGroups {
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
  /** Calls any API with the access token. @throws WechatError, or TypeError when the path is not one, or a GET has a body. */
  callApi(path: string, request?: ApiRequest): Promise<JsonAnswer>;
}

/**
 * A client of WeChat's server API for one mini-program.
 * @throws TypeError when the AppID, the secret or the base URL cannot be right.
 */
export function createWechatClient(givenOptions: WechatClientOptions): WechatClient {
  const options = resolveOptions(givenOptions);
  const { appId, secret, baseUrl, tokenMode, timeoutMs, onAlert } = options;
  const account = { appId, secret };
  const call = createCallers(options);
  const tokens = new AccessTokens({
    ...options,
    store: options.tokenStore,
    fetchToken: () => fetchToken(call.forJson, tokenMode, account),
    issuedFor: `${baseUrl} ${appId} ${tokenMode}`,
    claimMs: TRIES_OF_ONE_FETCH * timeoutMs + 2 * SECOND,
    onStoreFault: (error) => onAlert(tokenStoreError(error)),
  });
  const callApi = createApiCaller(call.forJson, tokens, onAlert);
  const callForPicture = createApiCaller(call.forPicture, tokens, onAlert);

  return {
    appId,
    code2Session: (code) => codeToSession(call.forJson, account, code),
    checkSessionKey: (owner) => checkSessionKey(callApi, owner),
    resetUserSessionKey: (owner) => resetUserSessionKey(callApi, owner),
    phoneNumber: (request) => fetchPhoneNumber(callApi, appId, request),
    ...createGroups({ ...options, account, call, callApi, callForPicture }),
    accessToken: () => tokens.get(),
    async callApi(path, { method = 'POST', idempotent = false, ...request } = {}) {
      if (!/^(\/[\w.-]+)+$/.test(path)) throw new TypeError('a path such as /wxa/msg_sec_check is expected');
      if (method === 'GET' && request.body !== undefined) throw new TypeError('a GET has no body');
      return callApi({ ...request, method, path, maxRetries: idempotent ? 2 : 0, secrets: [] });
    },
  };
}

function tokenStoreError(error: unknown): WechatError {
  // Only a name: the message or the query of a database error may hold the token.
  const reason = error instanceof Error ? error.name : 'unknown';
  return transportError('WECHAT_TOKEN_STORE_FAILED', 'token store', { reason });
}
