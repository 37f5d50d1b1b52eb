import { describe, expect, it } from 'vitest';
import { startMerchant } from './with-merchant.fixture.ts';

describe('prepay', () => {
  it('takes every documented field', async () => {
    await using shop = await startMerchant();
    const answer = await shop.prepay('ab-_|*9', {
      description: '茶'.repeat(127),
      time_expire: '2026-01-01T09:00:00+08:00',
      attach: '备'.repeat(128),
      goods_tag: 'WXG',
      support_fapiao: true,
      detail: {
        cost_price: 1,
        invoice_id: '1',
        goods_detail: [{ merchant_goods_id: 'tea', quantity: 1, unit_price: 1 }],
      },
      scene_info: {
        payer_client_ip: '14.23.150.211',
        device_id: '013467007045764',
        store_info: { id: '0001' },
      },
      settle_info: { profit_sharing: false },
      limit_pay: ['no_credit'],
    });
    expect(answer).toMatchObject({ status: 200, json: { prepay_id: expect.stringMatching(/^wx/) } });
    for (const written of ['ab-_|*9', 'ab-_%7C%2A9']) {
      expect((await shop.query(written)).json).toMatchObject({ out_trade_no: 'ab-_|*9' });
    }
    expect((await shop.query('%FF%')).status).toBe(404);
  });

  it('refuses each field that is missing, wrong, too long or not in the documentation', async () => {
    await using shop = await startMerchant();
    const wrong: [object, string, string?][] = [
      [{ appid: undefined }, '/body/appid'],
      [{ description: '' }, '/body/description'],
      [{ description: 'x'.repeat(128) }, '/body/description'],
      [{ out_trade_no: 'short' }, '/body/out_trade_no'],
      [{ out_trade_no: 'x'.repeat(33) }, '/body/out_trade_no'],
      [{ out_trade_no: 'order 001' }, '/body/out_trade_no'],
      [{ time_expire: '2026-01-01 09:00:00' }, '/body/time_expire'],
      [{ time_expire: '2026-01-01T08:00:00+08:00' }, '/body/time_expire'],
      [{ attach: 'x'.repeat(129) }, '/body/attach'],
      [{ amount: { total: 0 } }, '/body/amount/total'],
      [{ amount: { total: 1.5 } }, '/body/amount/total'],
      [{ amount: { total: '100' } }, '/body/amount/total'],
      [{ amount: { total: 1, currency: 'USD' } }, '/body/amount/currency'],
      [{ amount: [] }, '/body/amount'],
      [{ payer: {} }, '/body/payer/openid'],
      [{ payer: undefined }, '/body/payer/openid'],
      [{ payer: { openid: 'me' } }, '/body/payer/openid'],
      [{ support_fapiao: 'yes' }, '/body/support_fapiao'],
      [{ limit_pay: 'no_credit' }, '/body/limit_pay'],
      [{ detail: { goods_detail: [{ quantity: 1 }] } }, '/body/detail/goods_detail/0/merchant_goods_id'],
      [{ scene_info: {} }, '/body/scene_info/payer_client_ip'],
      [{ notify_url: 'http://shop.example.com/pay' }, '/body/notify_url'],
      [{ notify_url: 'https://shop.example.com/pay?a=1' }, '/body/notify_url'],
      [{ notify_url: `https://shop.example.com/${'x'.repeat(255)}` }, '/body/notify_url'],
      [{ notify_url: '/pay' }, '/body/notify_url'],
      [{ total_fee: 1 }, '/total_fee', '270924358'],
      [{ amount: { total: 1, toString: 1 } }, '/amount/toString', '270924358'],
    ];
    for (const [fields, field, number] of wrong) {
      const { json, status, headers } = await shop.prepay('order_0001', fields);
      expect({ fields, status, json }).toMatchObject({
        fields,
        status: 400,
        json: { code: 'PARAM_ERROR', detail: { field } },
      });
      if (number !== undefined) expect(headers.get('request-id')).toMatch(new RegExp(`-${number}$`));
    }
    expect(await shop.prepay('order_0001', { appid: 'wx0000000000000000' })).toMatchObject({
      status: 400,
      json: { code: 'APPID_MCHID_NOT_MATCH' },
    });
    expect((await shop.prepay('order_0001', { mchid: '1900000002' })).json.code).toBe('MCH_NOT_EXISTS');
    expect(shop.pay.payments).toEqual([]);
  });

  it('takes the same number again with the very same parameters only, in any order', async () => {
    await using shop = await startMerchant();
    const body = shop.prepayBody('order_0001', { attach: 'a' });
    await shop.call('/v3/pay/transactions/jsapi', { body });
    const turned = Object.fromEntries(Object.entries(body).reverse());
    expect((await shop.call('/v3/pay/transactions/jsapi', { body: turned })).status).toBe(200);
    for (const change of [{ attach: 'b' }, { amount: { total: 101 } }, { description: 'Coffee' }]) {
      const refused = await shop.call('/v3/pay/transactions/jsapi', { body: { ...body, ...change } });
      expect(refused).toMatchObject({ status: 403, json: { code: 'OUT_TRADE_NO_USED' } });
      expect(refused.headers.get('request-id')).toMatch(/-268498688$/);
    }
    expect(shop.pay.payments).toMatchObject([{ totalFen: 100, attach: 'a' }]);
  });
});
