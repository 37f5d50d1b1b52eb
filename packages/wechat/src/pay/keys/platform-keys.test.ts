import { DAY, HOUR, MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import {
  certificatesBody,
  createCertificate,
  MCH_ID,
  PUBLIC_KEY_ID,
  payFailureOf,
  platform,
  publicKeyPem,
  type Reply,
  servePay,
  signedHeaders,
} from '../with-pay-server.fixture.ts';

const ORDER = 'order_20260101_000001';
const body = JSON.stringify({ mchid: MCH_ID, out_trade_no: ORDER, trade_state: 'NOTPAY' });
const A = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
const B = '6157F09EFDC096DE15EBE81A47057A7232F1B8E2';

type Certificate = ReturnType<typeof createCertificate>;

/** A WeChat Pay that signs with the first of its certificates and lists them all. */
async function withCertificates(publicKeys: Record<string, string> = {}) {
  const state = { listed: [] as Certificate[], signing: undefined as Certificate | undefined };
  let onCertificates: (reply: Reply) => Reply | 'hang up' = (reply) => reply;
  const pay = await servePay(({ url, headers }) => {
    const asked = headers['wechatpay-serial'];
    const signing =
      asked === PUBLIC_KEY_ID ? { serial: PUBLIC_KEY_ID, key: platform.privateKey } : state.signing;
    if (url !== '/v3/certificates') return { body, ...(signing === undefined ? {} : { signing }) };
    return onCertificates({
      body: certificatesBody(state.listed),
      ...(signing === undefined ? {} : { signing }),
    });
  });
  state.listed = [createCertificate(A, pay.clock)];
  state.signing = state.listed[0];
  const client = pay.createClient({ publicKeys });
  return {
    ...pay,
    state,
    query: () => client.query({ outTradeNo: ORDER }),
    downloads: () => pay.received.filter(({ url }) => url === '/v3/certificates').length,
    answerDownloads: (answer: typeof onCertificates) => {
      onCertificates = answer;
    },
    [Symbol.asyncDispose]: pay.close,
  };
}

describe('platform certificates', () => {
  it('are downloaded once for all who wait, then known for 12 hours', async () => {
    await using pay = await withCertificates();
    await Promise.all(Array.from({ length: 20 }, pay.query));
    expect(pay.downloads()).toBe(1);
    pay.clock.advance(12 * HOUR - 1);
    await pay.query();
    expect(pay.downloads()).toBe(1);
    // Nobody waits for the second download.
    pay.clock.advance(1);
    await pay.query();
    await expect.poll(pay.downloads).toBe(2);
    expect(pay.received.at(-1)?.headers['wechatpay-serial']).toBe(A);
  });

  it('are downloaded again when a message names one that is new', async () => {
    await using pay = await withCertificates();
    await pay.query();
    pay.clock.advance(MINUTE);
    const next = createCertificate(B, pay.clock);
    pay.state.listed.push(next);
    pay.state.signing = next;
    expect(await pay.query()).toHaveProperty('tradeState', 'NOTPAY');
    expect(pay.downloads()).toBe(2);
    // The old one is still good while WeChat Pay changes over.
    pay.state.signing = pay.state.listed[0];
    await pay.query();
    expect(pay.downloads()).toBe(2);
  });

  it('are downloaded at most once a minute, whatever messages name', async () => {
    await using pay = await withCertificates();
    await pay.query();
    pay.state.signing = createCertificate(B, pay.clock);
    for (let second = 0; second < 180; second += 10) {
      expect((await payFailureOf(pay.query())).data).toMatchObject({ disbelief: 'unknown-key' });
      pay.clock.advance(10_000);
    }
    expect(pay.downloads()).toBe(3);
  });

  it('that have run out count no more', async () => {
    await using pay = await withCertificates();
    pay.state.listed = [createCertificate(A, pay.clock, 3 * DAY)];
    pay.state.signing = pay.state.listed[0];
    await pay.query();
    pay.clock.advance(2 * DAY);
    expect((await payFailureOf(pay.query())).data).toMatchObject({ disbelief: 'unknown-key' });
  });

  it('are kept when a later download fails', async () => {
    await using pay = await withCertificates();
    await pay.query();
    pay.clock.advance(13 * HOUR);
    pay.answerDownloads(() => 'hang up');
    await pay.query();
    await expect.poll(() => pay.downloads()).toBe(4);
    await pay.query();
  });

  it.each<[string, (reply: Reply, other: Certificate) => Reply, string]>([
    [
      'of which there are none',
      (reply) => ({ ...reply, body: certificatesBody([]) }),
      'WECHAT_PAY_ANSWER_UNREADABLE',
    ],
    ['signed by none inside', (reply, other) => ({ ...reply, signing: other }), 'WECHAT_PAY_ANSWER_FORGED'],
    ['not signed', (reply) => ({ ...reply, signing: null }), 'WECHAT_PAY_ANSWER_FORGED'],
    [
      'stored under another number',
      (reply, other) => ({ ...reply, body: certificatesBody([{ ...other, serial: A }]) }),
      'WECHAT_PAY_ANSWER_UNREADABLE',
    ],
    [
      'not encrypted as they must be',
      (reply) => ({ ...reply, body: String(reply.body).replace('AEAD_AES_256_GCM', 'AES_ECB') }),
      'WECHAT_PAY_ANSWER_UNREADABLE',
    ],
    [
      'not there for this merchant',
      () => ({ status: 404, body: '{"code":"RESOURCE_NOT_EXISTS"}', signing: null }),
      'WECHAT_PAY_MISCONFIGURED',
    ],
  ])('%s are not believed, nor is what they signed', async (_, change, failure) => {
    await using pay = await withCertificates();
    const other = createCertificate(B, pay.clock);
    pay.answerDownloads((reply) => change(reply, other));
    expect((await payFailureOf(pay.query())).data).toMatchObject({ disbelief: 'unknown-key' });
    expect(pay.reports.find(({ path }) => path === '/v3/certificates')?.failure).toBe(failure);
  });

  it('that the APIv3 key does not open are an alert of their own', async () => {
    await using pay = await withCertificates();
    pay.answerDownloads((reply) => ({ ...reply, body: certificatesBody(pay.state.listed, 'x'.repeat(32)) }));
    await payFailureOf(pay.query());
    expect(pay.alerts.map(({ code }) => code)).toEqual([
      'WECHAT_PAY_MISCONFIGURED',
      'WECHAT_PAY_ANSWER_FORGED',
    ]);
    expect(pay.alerts[0]?.adviceIn('en')).toContain('APIv3 key');
  });
});

describe('a public key', () => {
  it('needs no certificate', async () => {
    await using pay = await withCertificates({ [PUBLIC_KEY_ID]: publicKeyPem });
    await pay.query();
    expect(pay.downloads()).toBe(0);
  });

  it('alone is no fault of the settings, though a forged message names a certificate', async () => {
    await using pay = await servePay(() => ({
      status: 404,
      body: '{"code":"RESOURCE_NOT_EXISTS"}',
      signing: null,
    }));
    const forged = { headers: signedHeaders('{}', pay.clock, { serial: A }), body: Buffer.from('{}') };
    expect((await payFailureOf(pay.createClient().readNotification(forged))).data).toMatchObject({
      disbelief: 'unknown-key',
    });
    expect(pay.received.map(({ url }) => url)).toEqual(['/v3/certificates']);
    expect(pay.alerts.map(({ code }) => code)).toEqual(['WECHAT_PAY_NOTIFICATION_REFUSED']);
  });

  it('and certificates are both believed while a merchant changes over', async () => {
    await using pay = await withCertificates({ [PUBLIC_KEY_ID]: publicKeyPem });
    const certificate = pay.state.signing;
    await using both = await servePay(({ url }) =>
      url === '/v3/certificates'
        ? { body: certificatesBody(pay.state.listed) }
        : { body, ...(certificate === undefined ? {} : { signing: certificate }) },
    );
    // The download itself is signed with the public key that was asked for.
    expect(await both.createClient().query({ outTradeNo: ORDER })).toBeDefined();
    expect(both.received.map(({ url }) => url)).toContain('/v3/certificates');
  });
});
