import type { LoginAnswer } from '@maque/contract';
import { ApiError, type ClientLanguage, clientFault } from './api-error.ts';
import type { ApiRequest, Requester } from './requester.ts';
import type { TokenStorage } from './token-storage.ts';
import type { WechatRuntime } from './wechat-runtime.ts';

/** Gives a fresh login code; each is good for one login within five minutes. */
export type LoginCodeSource = () => Promise<string>;

export interface SessionOptions {
  readonly requester: Requester;
  readonly storage: TokenStorage;
  readonly storageKey: string;
  readonly loginCode: LoginCodeSource;
  readonly appId: string | undefined;
}

/** Who the client is: holds the token, and gets a new one when the server no longer takes it. */
export interface Session {
  readonly token: string | undefined;
  login(): Promise<LoginAnswer>;
  /** Ends the session here and on the server; one that the server has ended already is fine. */
  logout(): Promise<void>;
  /** Sends with the token; one that is refused is replaced by a new login, once. */
  send(request: ApiRequest): Promise<unknown>;
}

export function createSession(options: SessionOptions): Session {
  const { requester, storage, storageKey, loginCode, appId } = options;
  let token = storage.read(storageKey);
  let loggingIn: Promise<LoginAnswer> | undefined;

  function keep(next: string | undefined): void {
    token = next;
    try {
      storage.write(storageKey, next);
    } catch {
      // A phone whose storage is full (10 MB a mini-program) logs in again at the next start; this session goes on.
    }
  }

  async function logInNow(): Promise<LoginAnswer> {
    const code = await loginCode();
    const answer = (await requester({
      method: 'POST',
      path: '/login/wechat',
      // Left out of the JSON where it is undefined.
      body: { code, appId },
    })) as LoginAnswer;
    keep(answer.token);
    return answer;
  }

  // Single flight: many calls find at once that the token has ended, and a code is good only once.
  function login(): Promise<LoginAnswer> {
    loggingIn ??= logInNow().finally(() => {
      loggingIn = undefined;
    });
    return loggingIn;
  }

  return {
    get token() {
      return token;
    },
    login,
    async logout() {
      try {
        if (token !== undefined) await requester({ method: 'POST', path: '/logout', token });
      } catch (error) {
        if (!isTokenRefused(error)) throw error;
      } finally {
        keep(undefined);
      }
    },
    async send(request) {
      const used = token;
      try {
        return await requester({ ...request, token: used });
      } catch (error) {
        if (used === undefined || !isTokenRefused(error)) throw error;
      }
      // Another call may have logged in between this one's departure and its refusal.
      if (token === used) await login();
      return requester({ ...request, token });
    },
  };
}

function isTokenRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401 && error.code.startsWith('TOKEN_');
}

/** Codes from `wx.login`. */
export function wechatLoginCode(wechat: WechatRuntime, language: ClientLanguage): LoginCodeSource {
  return () =>
    new Promise((resolve, reject) => {
      wechat.login({
        // As long as one request may take; without it a phone offline keeps the caller waiting for a minute.
        timeout: 10_000,
        success: ({ code }) => resolve(code),
        fail: ({ errMsg }) => reject(clientFault('LOGIN_FAILED', language, { cause: errMsg })),
      });
    });
}
