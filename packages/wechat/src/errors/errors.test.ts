import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from './classify.ts';
import { errcodeRows, rowsByPath, unknownErrcodeRow } from './errcode-table.ts';
import { failureCodes } from './failure-codes.ts';
import type { FailureRow } from './failure-row.ts';
import { readErrmsg } from './read-errmsg.ts';
import { contentRows } from './tables/content-rows.ts';
import { customerServiceRows } from './tables/customer-service-rows.ts';
import { linkRows } from './tables/link-rows.ts';
import { loginRows } from './tables/login-rows.ts';
import { messageRows } from './tables/message-rows.ts';
import { platformRows } from './tables/platform-rows.ts';
import { shippingRows } from './tables/shipping-rows.ts';
import { transportRows } from './transport-rows.ts';
import { refusalError } from './wechat-error.ts';

const PATH = '/wxa/msg_sec_check';

describe('what an errcode means', () => {
  it.each([
    [-1, 'busy', 503, 'soon'],
    [40001, 'token', 502, 'new-token'],
    [40014, 'token', 502, 'new-token'],
    [42001, 'token', 502, 'new-token'],
    [41001, 'programming', 500, 'never'],
    [40002, 'configuration', 500, 'never'],
    [40013, 'configuration', 500, 'never'],
    [40125, 'configuration', 500, 'never'],
    [41002, 'configuration', 500, 'never'],
    [41004, 'configuration', 500, 'never'],
    [40164, 'configuration', 500, 'never'],
    [40243, 'configuration', 500, 'never'],
    [50004, 'configuration', 500, 'never'],
    [50007, 'configuration', 500, 'never'],
    [89503, 'configuration', 500, 'never'],
    [89506, 'configuration', 500, 'never'],
    [89507, 'configuration', 500, 'never'],
    [45009, 'quota', 503, 'never'],
    [44993, 'quota', 503, 'never'],
    [48006, 'quota', 503, 'never'],
    [45011, 'rate', 429, 'never'],
    [44990, 'rate', 429, 'never'],
    [44991, 'rate', 429, 'never'],
    [43002, 'programming', 500, 'never'],
    [44002, 'programming', 500, 'never'],
    [47001, 'programming', 500, 'never'],
    [41008, 'programming', 500, 'never'],
    [48001, 'configuration', 500, 'never'],
    [40029, 'user', 401, 'never'],
    [40163, 'user', 401, 'never'],
    [40226, 'user', 403, 'never'],
    [87007, 'user', 401, 'never'],
    [87009, 'user', 401, 'never'],
    [61024, 'unknown', 502, 'never'],
  ])('%i is %s, HTTP %i, retried %s', (errcode, kind, status, retry) => {
    expect(refusalError(PATH, { errcode }, [])).toMatchObject({ errcode, kind, status, retry });
  });

  it('takes 40001 for a wrong secret where the secret is sent, and for a stale token elsewhere', () => {
    const bySecret = ['stable_token', 'token', 'clear_quota/v2'].map((name) => `/cgi-bin/${name}`);
    for (const path of [...bySecret, '/sns/jscode2session']) {
      expect(classify(40001, path).code).toBe('WECHAT_MISCONFIGURED');
    }
    expect(classify(40001, PATH).code).toBe('WECHAT_TOKEN_REFUSED');
  });

  it("takes 45009 for a minute's limit where QR codes are drawn, and for a day's quota elsewhere", () => {
    const codes = { code: 'WECHAT_TOO_FREQUENT', retryAfterSeconds: 60, holdsPath: true, alert: false };
    expect(classify(45009, '/wxa/getwxacodeunlimit')).toMatchObject(codes);
    expect(classify(45009, PATH)).toMatchObject({ code: 'WECHAT_QUOTA_USED_UP', alert: true });
  });

  it('stands in one table only', () => {
    const tables = [
      platformRows,
      loginRows,
      messageRows,
      contentRows,
      shippingRows,
      linkRows,
      customerServiceRows,
    ];
    const numbers = tables.flatMap((table) => Object.keys(table));
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    expect(numbers).toHaveLength(Object.keys(errcodeRows).length);
  });

  it('has advice in both languages for everything, and a time to wait wherever a path is held', () => {
    const tables: Record<string, FailureRow>[] = [errcodeRows, ...Object.values(rowsByPath), transportRows];
    const rows = tables.flatMap((table) => Object.values(table));
    for (const row of [...rows, unknownErrcodeRow]) {
      expect(failureCodes[row.code]).toBeDefined();
      expect(row.advice.en).toMatch(/[a-z]/);
      expect(row.advice.zh).toMatch(/[\u4e00-\u9fff]/);
      if (row.holdsPath) expect(row.retryAfterSeconds).toBeGreaterThan(0);
    }
  });
});

describe('WechatError', () => {
  it('surfaces the address that WeChat sees, and where to allow it', () => {
    const errmsg =
      'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 65a1b2c3-0d1e2f3a-4b5c6d7e';
    const error = refusalError('/cgi-bin/stable_token', { errcode: 40164, errmsg }, []);
    expect(error).toMatchObject({ seenIp: '203.0.113.7', rid: '65a1b2c3-0d1e2f3a-4b5c6d7e', alert: true });
    expect(error.adviceIn('en')).toContain('203.0.113.7');
    expect(error.adviceIn('zh-CN')).toContain('203.0.113.7');
  });

  it('tells anybody no more than what kind of trouble it is', () => {
    const error = refusalError('/cgi-bin/stable_token', { errcode: 40125, errmsg: 'invalid appsecret' }, []);
    expect(error.message).toBe('The WeChat account of this server is not set up right');
    expect(error.messageIn('zh-CN')).toBe('服务器的微信账号配置有误');
    expect(error.code).toBe('WECHAT_MISCONFIGURED');
  });

  it('never shows a secret that WeChat echoes, however it is looked at', () => {
    const secret = fc.string({ maxLength: 30 }).map((text) => `~s3cr3t/+=${text}~`);
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), fc.boolean(), (before, hidden, after, encoded) => {
        const errmsg = `${before} ${encoded ? encodeURIComponent(hidden) : hidden} ${after}`;
        const clean = readErrmsg(errmsg, [hidden]).errmsg;
        expect(clean).not.toContain(hidden);
        expect(clean).not.toContain(encodeURIComponent(hidden));
        const error = refusalError(PATH, { errcode: 40001, errmsg }, [hidden]);
        expect(error.errmsg).toBe(clean);
        expect(
          inspect(error, { depth: 9, showHidden: true }).includes(JSON.stringify(hidden).slice(1, -1)),
        ).toBe(false);
      }),
    );
  });

  it('finds the request id at the end only, bounds what it keeps, and bears an errmsg of any kind', () => {
    expect(readErrmsg('invalid code, rid: 6151a1b2-00000001-deadbeef', []).rid).toBe(
      '6151a1b2-00000001-deadbeef',
    );
    expect(readErrmsg(`rid: 1-2-3 ${'x'.repeat(500)}`, [])).toMatchObject({ rid: null });
    expect(readErrmsg('x'.repeat(10_000), []).errmsg).toHaveLength(300);
    expect(readErrmsg('cannot load it', ['https://a/\ud800']).errmsg).toBe('cannot load it');
    for (const odd of [undefined, null, 7, {}, []]) {
      expect(readErrmsg(odd, [])).toEqual({ errmsg: '', rid: null, seenIp: null });
    }
  });
});
