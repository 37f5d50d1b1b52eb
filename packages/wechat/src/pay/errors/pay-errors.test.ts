import { describe, expect, it } from 'vitest';
import { COMMON_PAY_CODES, PAY_APIS } from '../pay-api-facts.ts';
import { payFailureCodes } from './pay-failure-codes.ts';
import { payRefusalRows } from './pay-refusal-rows.ts';
import { payTransportRows } from './pay-transport-rows.ts';
import { payRefusal } from './wechat-pay-error.ts';

const rows = [...Object.values(payRefusalRows), ...Object.values(payTransportRows)];
const refusal = (httpStatus: number, wechatCode: string, more: object = {}) =>
  payRefusal('/v3/pay/transactions/jsapi', { httpStatus, wechatCode, said: '', requestId: null, ...more });

describe('every kind of trouble', () => {
  it('has a status, words in both languages and somebody who can do something', () => {
    for (const [code, { status, message }] of Object.entries(payFailureCodes)) {
      expect(code).toMatch(/^WECHAT_PAY_[A-Z_]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(message.zh).toMatch(/\p{Script=Han}/u);
      expect(message.en).not.toMatch(/\p{Script=Han}/u);
    }
    for (const { code, advice } of rows) {
      expect(Object.keys(payFailureCodes)).toContain(code);
      expect(advice.zh).toMatch(/\p{Script=Han}/u);
      expect(advice.en).not.toMatch(/\p{Script=Han}/u);
      const data = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();
      expect(data(advice.zh)).toEqual(data(advice.en));
    }
  });

  it('is one that some row speaks of', () => {
    const used = new Set<string>([...rows.map(({ code }) => code), refusal(400, 'NEW_ONE').code]);
    expect(Object.keys(payFailureCodes).filter((code) => !used.has(code))).toEqual([]);
  });
});

describe('a refusal', () => {
  it.each([
    [400, 'PARAM_ERROR', 'WECHAT_PAY_CALL_INVALID', 'never'],
    [400, 'APPID_MCHID_NOT_MATCH', 'WECHAT_PAY_MISCONFIGURED', 'never'],
    [400, 'MCH_NOT_EXISTS', 'WECHAT_PAY_MISCONFIGURED', 'never'],
    [400, 'ORDER_CLOSED', 'WECHAT_PAY_CLOSED', 'never'],
    [401, 'SIGN_ERROR', 'WECHAT_PAY_MISCONFIGURED', 'never'],
    [403, 'NO_AUTH', 'WECHAT_PAY_MISCONFIGURED', 'never'],
    [403, 'OUT_TRADE_NO_USED', 'WECHAT_PAY_NUMBER_TAKEN', 'never'],
    [403, 'RULE_LIMIT', 'WECHAT_PAY_RULE_REFUSED', 'never'],
    [403, 'TRADE_ERROR', 'WECHAT_PAY_RULE_REFUSED', 'never'],
    [403, 'NOT_ENOUGH', 'WECHAT_PAY_BALANCE_SHORT', 'never'],
    [404, 'ORDER_NOT_EXIST', 'WECHAT_PAY_NOT_FOUND', 'never'],
    [404, 'RESOURCE_NOT_EXISTS', 'WECHAT_PAY_NOT_FOUND', 'never'],
    [429, 'FREQUENCY_LIMITED', 'WECHAT_PAY_TOO_FREQUENT', 'next-second'],
    [429, 'RATELIMIT_EXCEEDED', 'WECHAT_PAY_TOO_FREQUENT', 'next-second'],
    [500, 'SYSTEM_ERROR', 'WECHAT_PAY_BUSY', 'soon'],
    [503, 'SYSTEM_ERROR', 'WECHAT_PAY_BUSY', 'soon'],
    [429, 'A_NEW_CODE', 'WECHAT_PAY_TOO_FREQUENT', 'next-second'],
    [503, 'A_NEW_CODE', 'WECHAT_PAY_BUSY', 'soon'],
    [400, 'A_NEW_CODE', 'WECHAT_PAY_CODE_UNKNOWN', 'never'],
    [400, 'constructor', 'WECHAT_PAY_CODE_UNKNOWN', 'never'],
  ])('of %d %s is %s, sent again %s', (httpStatus, wechatCode, code, retry) => {
    expect(refusal(httpStatus, wechatCode)).toMatchObject({ code, retry, wechatCode, httpStatus });
  });

  it('says what the number in its Request-ID means, and passes on what is not known', () => {
    const known = refusal(400, 'PARAM_ERROR', { requestId: '08AEFF-270924358', said: '参数错误' });
    expect(known.adviceIn('zh-CN')).toContain('存在多余参数');
    expect(known.adviceIn('zh-CN')).toContain('参数错误');
    const unknown = refusal(400, 'A_NEW_CODE', { requestId: '08AEFF-1', said: 'new' });
    expect(unknown.adviceIn('en')).toContain('A_NEW_CODE: new');
  });

  it('tells operators what only they can put right', () => {
    expect(refusal(401, 'SIGN_ERROR')).toMatchObject({ alert: true, status: 500 });
    expect(refusal(404, 'ORDER_NOT_EXIST')).toMatchObject({ alert: false });
  });
});

describe('the APIs', () => {
  it('name only codes that are in the table', () => {
    const known = Object.keys(payRefusalRows);
    for (const { codes } of PAY_APIS) expect(known).toEqual(expect.arrayContaining([...codes]));
    expect(known).toEqual(expect.arrayContaining([...COMMON_PAY_CODES]));
  });
});
