import { type PayFailureCode, WechatPayError } from '@maque/wechat/pay';
import { expect, it } from 'vitest';
import { isPayOutage } from './pay-faults.ts';

const failed = (code: PayFailureCode) =>
  new WechatPayError({ code, retry: 'never', alert: false, advice: { en: '', zh: '' } }, { path: '/v3' });

it.each<[PayFailureCode, boolean]>([
  ['WECHAT_PAY_UNREACHABLE', true],
  ['WECHAT_PAY_TIMED_OUT', true],
  ['WECHAT_PAY_BUSY', true],
  ['WECHAT_PAY_TOO_FREQUENT', true],
  ['WECHAT_PAY_MISCONFIGURED', true],
  ['WECHAT_PAY_CLOCK_WRONG', true],
  ['WECHAT_PAY_BALANCE_SHORT', false],
  ['WECHAT_PAY_OTHER_MERCHANT', false],
  ['WECHAT_PAY_RULE_REFUSED', false],
  ['WECHAT_PAY_NOT_FOUND', false],
])('%s: nothing more is asked for now: %s', (code, isOutage) => {
  expect(isPayOutage(failed(code))).toBe(isOutage);
  expect(isPayOutage(new Error(code))).toBe(false);
});
