import { verify } from 'node:crypto';
import { DAY, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { NOTICE_LADDER } from './notice-ladder.ts';
import { FORGERIES } from './pay-behaviour.ts';
import { startMerchant } from './with-merchant.fixture.ts';

async function payOne(shop: Awaited<ReturnType<typeof startMerchant>>, outTradeNo = 'order_0001') {
  await shop.prepay(outTradeNo);
  shop.pay.pay(outTradeNo);
}

describe('the ladder', () => {
  it('takes a day, as WeChat’s does', () => {
    expect(NOTICE_LADDER).toHaveLength(15);
    expect(NOTICE_LADDER.reduce((sum, step) => sum + step, 0)).toBe(24 * 60 * MINUTE + 4 * MINUTE);
  });

  it('goes on by the simulator’s clock until the server says 200 or 204, with the same id', async () => {
    let answer = 500;
    await using shop = await startMerchant({}, () => answer);
    await payOne(shop);
    await expect.poll(() => shop.received.length).toBe(1);
    for (const [index, wait] of NOTICE_LADDER.slice(0, 4).entries()) {
      await expect.poll(() => shop.pay.deliveries[0]?.attempt).toBe(index + 1);
      if (index === 3) answer = 200;
      shop.simulator.advance(wait - 1);
      // Longer than the agenda ever sleeps, so a try that came too early would show.
      await new Promise((resolve) => setTimeout(resolve, 120));
      expect(shop.received).toHaveLength(index + 1);
      shop.simulator.advance(1);
      await expect.poll(() => shop.received.length).toBe(index + 2);
    }
    await shop.pay.quiet();
    const bodies = shop.received.map(({ body }) => JSON.parse(String(body)));
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
    expect(new Set(shop.received.map(({ headers }) => headers['wechatpay-signature'])).size).toBe(5);
    expect(shop.received.every(({ headers, body }) => shop.isSigned(headers, body))).toBe(true);
    expect(shop.pay.payment('order_0001')?.notice).toBe('acknowledged');
  });

  it('gives up after 16 tries, and can be told to begin anew', async () => {
    let answer = 404;
    await using shop = await startMerchant({ behaviour: { ladderScale: 0 } }, () => answer);
    await payOne(shop);
    await shop.pay.quiet();
    expect(shop.received).toHaveLength(16);
    expect(shop.pay.payment('order_0001')?.notice).toBe('given up');
    answer = 200;
    shop.pay.notifyAgain('order_0001');
    await shop.pay.quiet();
    expect(shop.pay.payment('order_0001')?.notice).toBe('acknowledged');
    expect(shop.pay.counts).toMatchObject({ sent: 17, acknowledged: 1, givenUp: 1 });
  });

  it('does not take silence, redirects or other successes for an acknowledgement', async () => {
    const answers = [undefined, 302, 201, 204];
    await using shop = await startMerchant(
      { behaviour: { ladderScale: 0, answerTimeoutMs: 50 } },
      () => answers.shift() ?? undefined,
    );
    await payOne(shop);
    await shop.pay.quiet();
    expect(shop.pay.deliveries.map(({ outcome }) => outcome)).toEqual([204, 201, 302, 'timeout']);
  });

  it('tells this computer only, and nobody when the server is gone', async () => {
    await using shop = await startMerchant({ behaviour: { ladderScale: 0 } });
    await shop.prepay('order_0001', { notify_url: 'https://shop.example.com/pay' });
    shop.pay.pay('order_0001');
    await shop.prepay('order_0002', { notify_url: 'http://127.0.0.1:1/pay' });
    shop.pay.pay('order_0002');
    await shop.pay.quiet();
    const outcomes = new Map(shop.pay.deliveries.map(({ number, outcome }) => [number, outcome]));
    expect(outcomes).toEqual(
      new Map([
        ['order_0001', 'not this computer'],
        ['order_0002', 'unreachable'],
      ]),
    );
    expect(shop.received).toEqual([]);
  });

  it('is climbed by many at once, but not by all', async () => {
    let now = 0;
    let most = 0;
    await using shop = await startMerchant({}, async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 50));
      now -= 1;
      return 204;
    });
    for (let count = 0; count < 40; count += 1) await shop.prepay(`order_${1000 + count}`);
    for (const { outTradeNo } of shop.pay.payments) shop.pay.pay(outTradeNo);
    await shop.pay.quiet();
    expect(shop.received).toHaveLength(40);
    expect(most).toBe(32);
    expect(new Set(shop.pay.payments.map(({ transactionId }) => transactionId)).size).toBe(40);
  });

  it('holds no more notifications than twice the records', async () => {
    await using shop = await startMerchant({ maxRecords: 2 }, () => 500);
    for (let count = 0; count < 6; count += 1) await payOne(shop, `order_${1000 + count}`);
    expect(shop.pay.payment('order_1005')?.notice).toBe('given up');
    expect(shop.pay.counts.givenUp).toBe(2);
    await expect.poll(() => shop.received.length).toBe(4);
  });

  it('ends when the simulator is closed', async () => {
    await using shop = await startMerchant({}, () => undefined);
    await payOne(shop);
    await expect.poll(() => shop.received.length).toBe(1);
    const quiet = shop.pay.quiet();
    await shop.simulator.close();
    await quiet;
    expect(shop.pay.counts.sent).toBe(0);
  });
});

describe('on the way', () => {
  it('notifications get lost, come twice, come late, or never', async () => {
    await using shop = await startMerchant({
      behaviour: { ladderScale: 0, lost: 0.5, repeated: 1, delayMs: 0 },
    });
    for (let count = 0; count < 20; count += 1) await payOne(shop, `order_${1000 + count}`);
    await shop.pay.quiet();
    const { acknowledged, sent, repeated, lost } = shop.pay.counts;
    expect({ acknowledged, sent, repeated }).toEqual({ acknowledged: 20, sent: 20, repeated: 20 });
    expect(lost).toBeGreaterThan(0);
    expect(shop.received).toHaveLength(40);
    shop.pay.behave({ lost: 0, repeated: 0, missing: 1 });
    await payOne(shop, 'order_2000');
    await shop.pay.quiet();
    expect(shop.received).toHaveLength(40);
    expect(shop.pay.payment('order_2000')?.notice).toBe('given up');
  });

  it('a delayed one is overtaken by the next', async () => {
    await using shop = await startMerchant({ behaviour: { delayed: 1, delayMs: MINUTE } });
    await payOne(shop, 'order_0001');
    shop.pay.behave({ delayed: 0 });
    await payOne(shop, 'order_0002');
    await expect.poll(() => shop.received.length).toBe(1);
    shop.simulator.advance(MINUTE);
    await shop.pay.quiet();
    expect(shop.pay.deliveries.map(({ number }) => number)).toEqual(['order_0001', 'order_0002']);
  });
});

describe('keys', () => {
  it('sign by their share, and a new certificate can take over in the middle', async () => {
    await using shop = await startMerchant({ behaviour: { certificateShare: 1 } });
    const certificates = async () =>
      (await shop.call('/v3/certificates')).json.data as unknown as Record<string, never>[];
    const [old] = await certificates();
    await payOne(shop, 'order_0001');
    await shop.pay.quiet();
    shop.pay.rotateCertificate();
    await payOne(shop, 'order_0002');
    await shop.pay.quiet();
    const listed = await certificates();
    expect(listed.map(({ serial_no }) => serial_no)).toEqual([old?.serial_no, expect.any(String)]);
    const pems = listed.map(({ encrypt_certificate: sealed }) => shop.open(sealed ?? {}));
    for (const [index, { headers, body }] of shop.received.entries()) {
      expect(headers['wechatpay-serial']).toBe(listed[index]?.serial_no);
      expect(shop.isSigned(headers, body, pems[index])).toBe(true);
      expect(shop.isSigned(headers, body)).toBe(false);
    }
    shop.pay.behave({ certificateShare: 0 });
    await payOne(shop, 'order_0003');
    await shop.pay.quiet();
    const last = shop.received.at(-1);
    expect(last && shop.isSigned(last.headers, last.body)).toBe(true);
  });

  it('of answers follow the serial that the request names', async () => {
    await using shop = await startMerchant();
    const { json } = await shop.call('/v3/certificates');
    const [{ serial_no: serial, encrypt_certificate: sealed } = {} as Record<string, never>] =
      json.data as unknown as Record<string, never>[];
    const answer = await shop.call('/v3/certificates', { headers: { 'wechatpay-serial': String(serial) } });
    expect(answer.headers.get('wechatpay-serial')).toBe(serial);
    expect(shop.isSigned(answer.headers, answer.text, shop.open(sealed ?? {}))).toBe(true);
    const other = await shop.call('/v3/certificates', { headers: { 'wechatpay-serial': 'nobody' } });
    expect(other.headers.get('wechatpay-serial')).toBe(shop.credentials.publicKeyId);
  });
});

describe('a new certificate', () => {
  it('can be listed before it signs', async () => {
    await using shop = await startMerchant({ behaviour: { certificateShare: 1 } });
    const serials = async () => {
      const { json, headers } = await shop.call('/v3/certificates');
      const listed = json.data as unknown as { serial_no: string }[];
      return { listed: listed.map(({ serial_no }) => serial_no), signing: headers.get('wechatpay-serial') };
    };
    const { signing: old } = await serials();
    shop.pay.rotateCertificate(DAY);
    const during = await serials();
    expect(during).toEqual({ listed: [old, expect.any(String)], signing: old });
    shop.simulator.advance(DAY);
    await expect.poll(async () => (await serials()).signing).toBe(during.listed[1]);
    // A third one pushes the first out.
    shop.pay.rotateCertificate();
    expect((await serials()).listed).toEqual([during.listed[1], expect.any(String)]);
    expect(() => shop.pay.rotateCertificate(-1)).toThrow(/overlapMs/);
  });
});

describe('forgeries', () => {
  it('are each wrong in one thing, and counted when a server falls for one', async () => {
    await using shop = await startMerchant({}, ({ headers }) =>
      String(headers['wechatpay-signature']).startsWith('WECHATPAY/SIGNTEST/') ? 204 : 401,
    );
    await shop.prepay('order_0001');
    for (const kind of FORGERIES) {
      shop.received.length = 0;
      shop.pay.forge('order_0001', kind);
      await shop.pay.quiet();
      const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = shop.received;
      const timestamp = Number(headers['wechatpay-timestamp']) * SECOND;
      const serial = headers['wechatpay-serial'];
      const facts = {
        signed: shop.isSigned(headers, body),
        fresh: Math.abs(shop.clock.now() - timestamp) < 5 * MINUTE,
        known: serial === shop.credentials.publicKeyId,
        type: headers['wechatpay-signature-type'],
      };
      const honest = { signed: true, fresh: true, known: true, type: 'WECHATPAY2-SHA256-RSA2048' };
      const wrong: Record<string, object> = {
        'wrong-key': { signed: false },
        'changed-body': { signed: false },
        'old-timestamp': { fresh: false },
        'sign-test': { signed: false },
        'wrong-serial': { known: false },
        'downgraded-algorithm': { signed: false, type: 'WECHATPAY2-SHA1-RSA2048' },
        'wrong-amount': {},
      };
      expect({ kind, ...facts }).toEqual({ kind, ...honest, ...wrong[kind] });
      const { resource } = JSON.parse(String(body));
      const total = kind === 'wrong-amount' ? 101 : 100;
      expect(JSON.parse(shop.open(resource))).toMatchObject({ trade_state: 'SUCCESS', amount: { total } });
    }
    expect(shop.pay.counts).toMatchObject({ forged: FORGERIES.length, forgedAcknowledged: 1, sent: 0 });
    expect(shop.pay.payment('order_0001')).toMatchObject({ state: 'NOTPAY', notice: 'none' });
  });

  it('of the algorithm are real SHA-1 signatures, which a server must not follow', async () => {
    await using shop = await startMerchant();
    await shop.prepay('order_0001');
    shop.pay.forge('order_0001', 'downgraded-algorithm');
    await shop.pay.quiet();
    const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = shop.received;
    const text = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${body}\n`;
    const signature = Buffer.from(String(headers['wechatpay-signature']), 'base64');
    expect(verify('RSA-SHA1', Buffer.from(text), shop.credentials.publicKeyPem, signature)).toBe(true);
  });

  it('join prepays and notifications by their share, without a right signature unless told', async () => {
    await using shop = await startMerchant({ behaviour: { forged: 1 } }, ({ headers, body }) =>
      shop.isSigned(headers, body) && headers['wechatpay-serial'] === shop.credentials.publicKeyId
        ? 204
        : 401,
    );
    for (let count = 0; count < 15; count += 1) await payOne(shop, `order_${1000 + count}`);
    await shop.pay.quiet();
    expect(shop.pay.counts.forged).toBe(30);
    const kinds = new Set(shop.pay.deliveries.map(({ forgery }) => forgery));
    expect(kinds.size).toBeGreaterThan(3);
    expect(kinds).not.toContain('wrong-amount');
    // That check knows nothing of time: only old ones get through.
    const accepted = shop.pay.deliveries.filter(
      ({ forgery, outcome }) => forgery !== null && outcome === 204,
    );
    expect(new Set(accepted.map(({ forgery }) => forgery))).toEqual(
      new Set(accepted.length > 0 ? ['old-timestamp'] : []),
    );
    expect(shop.pay.counts.forgedAcknowledged).toBe(accepted.length);
  });
});
