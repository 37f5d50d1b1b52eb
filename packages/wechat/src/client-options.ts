import { type Bytes, MiB, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import type { WechatError } from './errors/wechat-error.ts';
import { readBaseUrl } from './http/base-url.ts';
import type { CallReport, QuotaReport } from './http/caller.ts';
import type { ClockSkew } from './http/clock-skew.ts';
import type { ExchangeOptions } from './http/exchange-options.ts';
import { quietly } from './http/quietly.ts';
import type { TokenMode } from './token/fetch-token.ts';
import { createMemoryTokenStore, type TokenStore } from './token/token-store.ts';

/** The host of all server-side calls. */
export const WECHAT_BASE_URL = 'https://api.weixin.qq.com';

// WeChat answers within a second; a user who waits on us gives up after some 10, and a retry must fit before that.
const DEFAULT_TIMEOUT: Milliseconds = 5 * SECOND;

// The largest answers are QR codes of some 200 KB.
const DEFAULT_MAX_ANSWER: Bytes = MiB;

export interface WechatClientOptions extends ExchangeOptions {
  readonly appId: string;
  readonly secret: string;
  /** WeChat's unless told; the simulator's in development. https, or http on a loopback address. */
  readonly baseUrl?: string;
  /** Where processes share the access token; this process alone unless told. */
  readonly tokenStore?: TokenStore;
  /** `stable` unless told. */
  readonly tokenMode?: TokenMode;
  /** Told of every exchange with WeChat, for metrics and logs. */
  readonly onCall?: (report: CallReport) => void;
  /** Told what is left of the daily quota of an API, whenever that becomes known. */
  readonly onQuota?: (quota: QuotaReport) => void;
  /** Told when this server's clock is found to be more than a minute off WeChat's, more than five, and right again. */
  readonly onClockSkew?: (skew: ClockSkew) => void;
  /** Told of failures that an operator must act on or know of, also where no caller sees them. */
  readonly onAlert?: (error: WechatError) => void;
}

/**
 * Checks options and fills in what was left out. Hooks that throw are kept from breaking what they observe.
 * @throws TypeError when the AppID, the secret or the base URL cannot be right.
 */
export function resolveOptions(options: WechatClientOptions): Required<WechatClientOptions> {
  assertCredential('appId', options.appId);
  assertCredential('secret', options.secret);
  return {
    appId: options.appId,
    secret: options.secret,
    baseUrl: readBaseUrl(options.baseUrl ?? WECHAT_BASE_URL),
    tokenStore: options.tokenStore ?? createMemoryTokenStore(),
    tokenMode: options.tokenMode ?? 'stable',
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT,
    maxAnswerBytes: options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER,
    fetch: options.fetch ?? fetch,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    onCall: quietly(options.onCall),
    onQuota: quietly(options.onQuota),
    onClockSkew: quietly(options.onClockSkew),
    onAlert: quietly(options.onAlert),
  };
}

function assertCredential(name: string, value: string): void {
  // Never quotes the value: one of the two is a secret, and they are easily put in each other's place.
  if (!/^[\x21-\x7e]{1,128}$/.test(value))
    throw new TypeError(`${name} must be 1 to 128 characters without spaces`);
}
