import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { DAY, HOUR, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { startMerchant } from './with-merchant.fixture.ts';

// The manual clock begins at 2026-01-01 08:00 in China.
const BILL = '/v3/bill/tradebill?bill_date=2026-01-01';

async function startDay() {
  const shop = await startMerchant({ behaviour: { refundAfterMs: 0 } });
  // Asked for first and paid last.
  await shop.prepay('order_0002', { amount: { total: 12_345 } });
  await shop.prepay('order_0001', { description: 'Tea,\r\ntwo cups', attach: '`quoted' });
  shop.pay.pay('order_0001');
  shop.clock.advance(SECOND);
  shop.pay.pay('order_0002');
  await shop.prepay('order_0003');
  shop.clock.advance(SECOND);
  await shop.refund('order_0001', 'refund_1', 30);
  await shop.pay.quiet();
  return shop;
}

describe('the trade bill', () => {
  it('is there from 10 in the morning of the next day on, on days with trade', async () => {
    await using shop = await startDay();
    expect((await shop.call(BILL)).json.code).toBe('STATEMENT_CREATING');
    shop.simulator.advance(26 * HOUR - 3 * SECOND);
    expect((await shop.call(BILL)).json.code).toBe('STATEMENT_CREATING');
    shop.simulator.advance(SECOND);
    expect((await shop.call(BILL)).status).toBe(200);
    expect((await shop.call('/v3/bill/tradebill?bill_date=2025-12-31')).json.code).toBe('NO_STATEMENT_EXIST');
    for (const query of ['', '?bill_date=20260101', '?bill_date=2026-13-01', '?bill_date=2026-01-01&x=1']) {
      expect((await shop.call(`/v3/bill/tradebill${query}`)).json.code).toBe('PARAM_ERROR');
    }
  });

  it('is WeChat’s CSV: backquotes, yuan, a summary, and a SHA-1 of what is in the file', async () => {
    await using shop = await startDay();
    shop.simulator.advance(2 * DAY);
    const { json } = await shop.call(BILL);
    const { hash_type: type, hash_value: sha1, download_url: url = '' } = json;
    const path = String(url).slice(shop.baseUrl.length);
    const file = await shop.call(path);
    expect(file.headers.get('wechatpay-signature')).toBeNull();
    const { text } = file;
    expect(text.startsWith('\uFEFF')).toBe(true);
    expect({ type, sha1 }).toEqual({ type: 'SHA1', sha1: hash('sha1', text) });
    const [headings = '', first, second, third, totals, summary, rest] = text.slice(1).split('\r\n');
    expect(headings.split(',')).toHaveLength(27);
    const paid = shop.pay.payment('order_0001');
    const refund = shop.pay.refund('refund_1');
    expect(first).toBe(
      '`2026-01-01 08:00:00,`wx4f4bc4dec97d474b,`1900000001,`0,`,' +
        `\`${paid?.transactionId},\`order_0001,\`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,\`JSAPI,\`SUCCESS,\`OTHERS,\`CNY,` +
        '`1.00,`0.00,`,`,`0.00,`0.00,`,`,`Tea, two cups,``quoted,`0.01000,`0.60%,`1.00,`0.00,`',
    );
    expect(second).toContain('`123.45');
    expect(third).toContain(`\`REFUND,\`OTHERS,\`CNY,\`0.00,\`0.00,\`${refund?.refundId},\`refund_1,\`0.30,`);
    expect(totals?.split(',')).toHaveLength(7);
    expect(summary).toBe('`3,`124.45,`0.30,`0.00,`0.75000,`124.45,`0.30');
    expect(rest).toBe('');
  });

  it('comes packed when asked for, by kind, and not without its token', async () => {
    await using shop = await startDay();
    shop.simulator.advance(2 * DAY);
    const { json } = await shop.call(`${BILL}&bill_type=REFUND&tar_type=GZIP`);
    const url = new URL(String(json.download_url));
    const path = url.pathname + url.search;
    const text = gunzipSync((await shop.call(path)).bytes).toString('utf8');
    expect(text.split('\r\n')).toHaveLength(5);
    expect(json.hash_value).toBe(hash('sha1', text));
    expect((await shop.call(path.replace('REFUND', 'ALL'))).json.code).toBe('RESOURCE_NOT_EXISTS');
    expect((await shop.call('/v3/billdownload/file')).json.code).toBe('RESOURCE_NOT_EXISTS');
  });
});
