import type { KeyObject } from 'node:crypto';
import { type Bytes, MiB, type Milliseconds, SECOND, systemClock } from '@maque/kit';
import { readBaseUrl } from '../http/base-url.ts';
import type { ExchangeOptions } from '../http/exchange-options.ts';
import { quietly } from '../http/quietly.ts';
import { isNotifyUrl } from './check-request.ts';
import type { WechatPayError } from './errors/wechat-pay-error.ts';
import { readApiV3Key, readMerchantKey, readPlatformPublicKey } from './keys/read-keys.ts';
import type { PayCallReport } from './transport/pay-caller.ts';

/** The host that serves from the nearest access point. */
export const WECHAT_PAY_BASE_URL = 'https://api.mch.weixin.qq.com';

/** The host that serves from another one. */
export const WECHAT_PAY_BACKUP_URL = 'https://api2.mch.weixin.qq.com';

// WeChat Pay answers a prepay in some 0.2 s; a user who waits on us gives up after some 10, and a retry must fit before that.
const DEFAULT_TIMEOUT: Milliseconds = 5 * SECOND;

// The largest answer is a list of certificates of some 10 KB; a notification may by its documentation be 1 MiB.
const DEFAULT_MAX_ANSWER: Bytes = MiB;

export interface PayClientOptions extends ExchangeOptions {
  /** The mini-program's, bound to the merchant. */
  readonly appId: string;
  readonly mchId: string;
  /** Serial number of the merchant's certificate, in hex. */
  readonly merchantSerial: string;
  /** The merchant's private key: the text of `apiclient_key.pem`. */
  readonly merchantKey: string | KeyObject;
  /** 32 characters. */
  readonly apiV3Key: string;
  /**
   * WeChat Pay's public keys by their id (`PUB_KEY_ID_…`): the text of `pub_key.pem`. None unless told. Platform
   * certificates are fetched beside them whenever a message names one.
   */
  readonly publicKeys?: Readonly<Record<string, string | KeyObject>>;
  /** Where WeChat Pay reports payments and refunds: https (http on loopback), without a query, at most 255 characters. */
  readonly notifyUrl: string;
  /** WeChat Pay's unless told; the simulator's in development. https, or http on a loopback address. */
  readonly baseUrl?: string;
  /** Where calls go when the other cannot be reached; WeChat Pay's own backup when `baseUrl` is its main one. */
  readonly backupBaseUrl?: string;
  /** Told of every exchange with WeChat Pay, for metrics and logs. */
  readonly onCall?: (report: PayCallReport) => void;
  /** Told of failures that an operator must act on or know of, refused notifications and a wrong clock among them. */
  readonly onAlert?: (error: WechatPayError) => void;
}

/**
 * Checks options and fills in what was left out. Hooks that throw are kept from breaking what they observe.
 * @throws TypeError when one cannot be right, CodedError of `payKeyErrors` for a key. Neither quotes a value.
 */
export function readPayOptions(options: PayClientOptions) {
  requireForm('appId', options.appId, /^[\w-]{1,32}$/, '1 to 32 letters, digits, - or _');
  requireForm('mchId', options.mchId, /^\d{1,32}$/, '1 to 32 digits');
  requireForm('merchantSerial', options.merchantSerial, /^[0-9A-F]{1,64}$/i, '1 to 64 hex digits');
  if (!isNotifyUrl(options.notifyUrl)) {
    throw new TypeError(
      'notifyUrl must be https (http on loopback), without a query, at most 255 characters',
    );
  }
  const baseUrl = readBaseUrl(options.baseUrl ?? WECHAT_PAY_BASE_URL);
  const backup = baseUrl === WECHAT_PAY_BASE_URL ? WECHAT_PAY_BACKUP_URL : undefined;
  const backupBaseUrl = options.backupBaseUrl ?? backup;
  return {
    appId: options.appId,
    mchId: options.mchId,
    signer: {
      mchId: options.mchId,
      serial: options.merchantSerial,
      key: readMerchantKey(options.merchantKey),
    },
    apiV3Key: readApiV3Key(options.apiV3Key),
    publicKeys: readPublicKeys(options.publicKeys ?? {}),
    notifyUrl: options.notifyUrl,
    baseUrl,
    backupBaseUrl: backupBaseUrl === undefined ? undefined : readBaseUrl(backupBaseUrl),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT,
    maxAnswerBytes: options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER,
    fetch: options.fetch ?? fetch,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    sleep: options.sleep ?? ((ms: Milliseconds) => new Promise<void>((resolve) => setTimeout(resolve, ms))),
    onCall: quietly(options.onCall),
    onAlert: quietly(options.onAlert),
  };
}

function readPublicKeys(keys: Readonly<Record<string, string | KeyObject>>): ReadonlyMap<string, KeyObject> {
  return new Map(
    Object.entries(keys).map(([id, key]) => {
      requireForm('a publicKeys id', id, /^PUB_KEY_ID_\w{1,64}$/, 'PUB_KEY_ID_ and digits');
      return [id, readPlatformPublicKey(key)];
    }),
  );
}

/** Never quotes the value: keys are easily put in each other's place. */
function requireForm(name: string, value: string, form: RegExp, expected: string): void {
  if (typeof value !== 'string' || !form.test(value)) throw new TypeError(`${name} must be ${expected}`);
}
