import { wechatRuntime } from './wechat-runtime.ts';

/** Where the token rests between two starts of the mini-program. */
export interface TokenStorage {
  read(key: string): string | undefined;
  /** Undefined removes it. */
  write(key: string, token: string | undefined): void;
}

/** WeChat's storage of this mini-program; outside of WeChat the token lives as long as the client. */
export function defaultTokenStorage(): TokenStorage {
  const wechat = wechatRuntime();
  if (wechat === undefined) return { read: () => undefined, write: () => {} };
  return {
    read(key) {
      const value = wechat.getStorageSync(key);
      return typeof value === 'string' && value !== '' ? value : undefined;
    },
    write(key, token) {
      if (token === undefined) wechat.removeStorageSync(key);
      else wechat.setStorageSync(key, token);
    },
  };
}
