import type { ErrorFault, Text } from '@maque/kit';
import { payCallRefused } from './errors/wechat-pay-error.ts';

/** One demand on a field of a call: who does not meet it is told `issue`. */
interface Demand {
  readonly path: string;
  readonly met: boolean;
  readonly issue: Text;
}

/** 6 to 32 of the characters that WeChat Pay allows in a merchant's order number. */
export function isOutTradeNo(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9A-Za-z_\-|*]{6,32}$/.test(value);
}

/** 1 to 64 of the characters that WeChat Pay allows in a refund's number. */
export function isOutRefundNo(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9A-Za-z_\-|*@]{1,64}$/.test(value);
}

/** WeChat Pay's own number of a payment: digits. */
export function isTransactionId(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,32}$/.test(value);
}

/** Fen: a whole number above zero. */
export function isAmount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** Whether a text has that many characters, as people count them: an emoji is one. */
export function hasLength(value: unknown, min: number, max: number): boolean {
  if (typeof value !== 'string' || value.length > 2 * max) return false;
  const { length } = [...value];
  return min <= length && length <= max;
}

/** An address that WeChat Pay reports to: https, or http on loopback; no query; at most 255 characters. */
export function isNotifyUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 255 || !URL.canParse(value)) return false;
  const url = new URL(value);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return false;
  return !/[?#\s]/.test(value) && url.username === '' && url.password === '';
}

export const issues = {
  outTradeNo: {
    en: '6 to 32 letters, digits, _ - | or * are expected',
    zh: '应为 6–32 位字母、数字或 _ - | *',
  },
  outRefundNo: {
    en: '1 to 64 letters, digits, _ - | * or @ are expected',
    zh: '应为 1–64 位字母、数字或 _ - | * @',
  },
  transactionId: { en: '1 to 32 digits are expected', zh: '应为 1–32 位数字' },
  amount: { en: 'a whole number of fen above 0 is expected', zh: '应为大于 0 的整数（单位：分）' },
  notifyUrl: {
    en: 'an https address (http on loopback) without a query, of at most 255 characters, is expected',
    zh: '应为不带参数的 https 地址（本机可用 http），不超过 255 个字符',
  },
} as const satisfies Record<string, Text>;

/** Demands of a call, all told at once. @throws WechatPayError `WECHAT_PAY_CALL_INVALID` when one is not met. */
export function demand(apiPath: string, demands: readonly Demand[]): void {
  const faults: ErrorFault[] = demands.filter(({ met }) => !met).map(({ path, issue }) => ({ path, issue }));
  if (faults.length > 0) throw payCallRefused(apiPath, faults);
}
