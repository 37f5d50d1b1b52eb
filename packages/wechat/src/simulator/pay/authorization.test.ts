import { MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { startMerchant } from './with-merchant.fixture.ts';

const PATH = '/v3/pay/transactions/out-trade-no/order_0001?mchid=1900000001';

describe('who asks', () => {
  it('is believed when the merchant signed the very bytes, and gets a signed answer', async () => {
    await using shop = await startMerchant();
    const unknown = await shop.call(PATH);
    expect(unknown).toMatchObject({ status: 404, json: { code: 'ORDER_NOT_EXIST' } });
    expect(unknown.headers.get('request-id')).toMatch(/^08[0-9A-F]{38}-268512771$/);
    expect(shop.isSigned(unknown.headers, unknown.text)).toBe(true);
    // Chinese, escapes and blanks: what is signed is what is sent.
    const body = ` ${JSON.stringify(shop.prepayBody('order_0001', { description: '一杯茶 ☕' })).replace('A', '\\u0041')}\n`;
    const prepaid = await shop.call('/v3/pay/transactions/jsapi', { body });
    expect(prepaid.status).toBe(200);
    expect(prepaid.headers.get('request-id')).toMatch(/-0$/);
    expect(shop.isSigned(prepaid.headers, prepaid.text)).toBe(true);
    expect(shop.isSigned(prepaid.headers, `${prepaid.text} `)).toBe(false);
  });

  it('is refused in WeChat’s words for anything else', async () => {
    await using shop = await startMerchant();
    const seconds = Math.floor(shop.clock.now() / 1000);
    const refusals: [Parameters<typeof shop.call>[1], number, string, RegExp][] = [
      [{ headers: { authorization: '' } }, 401, 'SIGN_ERROR', /Authorization/],
      [{ headers: { authorization: 'Bearer abc' } }, 401, 'SIGN_ERROR', /格式/],
      [
        { headers: { authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1900000001"' } },
        401,
        'SIGN_ERROR',
        /格式/,
      ],
      [{ timestamp: String(seconds - 301) }, 401, 'SIGN_ERROR', /5分钟/],
      [{ timestamp: String(seconds + 301) }, 401, 'SIGN_ERROR', /5分钟/],
      [{ timestamp: String(seconds * 1000) }, 401, 'SIGN_ERROR', /5分钟/],
      [{ serial: 'ABCDEF' }, 401, 'SIGN_ERROR', /证书序列号/],
      [{ mchId: '1900000002' }, 400, 'MCH_NOT_EXISTS', /商户号/],
      [{ signedBody: ' ' }, 401, 'SIGN_ERROR', /验签/],
      [{ headers: { 'user-agent': '' } }, 400, 'PARAM_ERROR', /User-Agent/],
      [{ headers: { accept: 'text/html' } }, 400, 'PARAM_ERROR', /Accept/],
    ];
    for (const [how, status, code, message] of refusals) {
      const refused = await shop.call(PATH, how);
      expect(refused).toMatchObject({ status, json: { code, message: expect.stringMatching(message) } });
      expect(shop.isSigned(refused.headers, refused.text)).toBe(true);
    }
    for (const timestamp of [seconds - 300, seconds + 300]) {
      expect((await shop.call(PATH, { timestamp: String(timestamp) })).status).toBe(404);
    }
  });

  it('is shown what was to be signed when the signature is wrong', async () => {
    await using shop = await startMerchant();
    const { json } = await shop.call(PATH, { signedBody: 'x', nonce: 'abc' });
    const seconds = Math.floor(shop.clock.now() / 1000);
    expect(json).toMatchObject({
      detail: {
        field: 'signature',
        sign_information: {
          method: 'GET',
          url: PATH,
          truncated_sign_message: `GET\n${PATH}\n${seconds}\nabc\n\n`,
          sign_message_length: Buffer.byteLength(`GET\n${PATH}\n${seconds}\nabc\n\n`),
        },
      },
    });
  });

  it('cannot send the same signature twice', async () => {
    await using shop = await startMerchant();
    expect((await shop.call(PATH, { nonce: 'once' })).status).toBe(404);
    expect(await shop.call(PATH, { nonce: 'once' })).toMatchObject({
      status: 401,
      json: { message: expect.stringMatching(/nonce_str/) },
    });
  });

  it('goes by what WeChat says the time is, not by what a test lets grow old', async () => {
    await using shop = await startMerchant();
    shop.simulator.advance(60 * MINUTE);
    expect((await shop.call(PATH)).status).toBe(404);
    shop.simulator.inject({ kind: 'clock-skew', ms: 301 * SECOND });
    const refused = await shop.call(PATH);
    expect(refused.status).toBe(401);
    expect(Date.parse(refused.headers.get('date') ?? '') - shop.clock.now()).toBe(301 * SECOND);
  });
});

describe('a request', () => {
  it('must be JSON that is no larger than 64 KiB, to a path that there is', async () => {
    await using shop = await startMerchant();
    const jsapi = '/v3/pay/transactions/jsapi';
    for (const [body, message] of [
      ['{', /JSON/],
      ['{"a":1}{', /JSON/],
      ['[]', /对象/],
      ['x'.repeat(70_000), /过大/],
    ] as const) {
      expect(await shop.call(jsapi, { body })).toMatchObject({
        status: 400,
        json: { code: 'PARAM_ERROR', message: expect.stringMatching(message) },
      });
    }
    const asText = { body: shop.prepayBody('order_0001'), headers: { 'content-type': 'text/plain' } };
    expect((await shop.call(jsapi, asText)).json.code).toBe('PARAM_ERROR');
    expect((await shop.call(jsapi)).json.code).toBe('RESOURCE_NOT_EXISTS');
    expect((await shop.call('/v3/pay/transactions/native', { body: {} })).json.code).toBe(
      'RESOURCE_NOT_EXISTS',
    );
    expect(shop.pay.payments).toEqual([]);
  });
});

describe('faults', () => {
  it('hit WeChat Pay where they are aimed, before or after the effect', async () => {
    await using shop = await startMerchant();
    shop.simulator.inject({ kind: 'pay-error', status: 429, code: 'FREQUENCY_LIMITED', path: '/v3/refund' });
    shop.simulator.inject({ kind: 'errcode', errcode: -1 });
    shop.simulator.inject({
      kind: 'pay-error',
      status: 500,
      code: 'SYSTEM_ERROR',
      path: '/v3/pay',
      afterEffect: true,
    });
    const failed = await shop.prepay('order_0001');
    expect(failed).toMatchObject({ status: 500, json: { code: 'SYSTEM_ERROR' } });
    expect(shop.isSigned(failed.headers, failed.text)).toBe(true);
    expect(shop.pay.payment('order_0001')?.state).toBe('NOTPAY');
    expect((await shop.prepay('order_0001')).status).toBe(200);
    expect(await shop.refund('order_0001', 'refund_1', 1)).toMatchObject({
      status: 429,
      json: { code: 'FREQUENCY_LIMITED' },
    });
    shop.simulator.inject({ kind: 'html', path: '/v3/certificates' });
    expect((await shop.call('/v3/certificates')).status).toBe(502);
    shop.simulator.inject({ kind: 'drop' });
    await expect(shop.call('/v3/certificates')).rejects.toThrow();
    expect(shop.pay.calls.map(({ outcome }) => outcome)).toEqual([
      ...['SYSTEM_ERROR', 'SUCCESS', 'FREQUENCY_LIMITED', 'html', 'drop'],
    ]);
    // The errcode still waits for a call that has one.
    expect(shop.simulator.state().faults).toMatchObject([{ kind: 'errcode' }]);
  });
});
