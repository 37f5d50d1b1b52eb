import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WechatPayError } from './errors/wechat-pay-error.ts';
import type { RawNotification } from './pay-types.ts';
import { APP_ID, MCH_ID, OPENID, seal, servePay, signedHeaders } from './with-pay-server.fixture.ts';

const RUNS = 100_000;

// So many are made before they are tried, and then forgotten.
const BATCH = 10_000;

const transaction = {
  mchid: MCH_ID,
  appid: APP_ID,
  out_trade_no: 'demo_20260101_000001',
  transaction_id: '4200000000202601010000000001',
  trade_state: 'SUCCESS',
  success_time: '2026-01-01T00:00:05+08:00',
  payer: { openid: OPENID },
  amount: { total: 1, payer_total: 1 },
};
const good = JSON.stringify({
  id: 'EV-1',
  event_type: 'TRANSACTION.SUCCESS',
  resource: seal(JSON.stringify(transaction), 'transaction'),
});

type Mutation = (raw: RawNotification) => RawNotification;

const names = ['timestamp', 'nonce', 'serial', 'signature'].map((name) => `wechatpay-${name}`);
const anyHeader = fc.oneof(
  fc.string({ maxLength: 400 }),
  fc.base64String({ maxLength: 400 }),
  fc.constantFrom('', '0', '1767225600', 'PUB_KEY_ID_1', 'WECHATPAY/SIGNTEST/x', 'a\nb', 'x'.repeat(20_000)),
  fc.array(fc.string({ maxLength: 9 }), { maxLength: 3 }),
  fc.constant(undefined),
);

/** Bytes changed, cut off, put in or put instead. */
const bodyMutation: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.nat(good.length - 1),
    fc.integer({ min: 1, max: 255 }),
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(3),
  )
  .map(([at, bits, bytes, way]) => ({ headers, body }) => {
    const bytesNow = Buffer.from(body);
    const [before, after] = [bytesNow.subarray(0, at), bytesNow.subarray(at)];
    const changed = [
      () => Buffer.concat([before, Buffer.of((after[0] ?? 0) ^ bits), after.subarray(1)]),
      () => before,
      () => Buffer.concat([before, Buffer.of(bits), after]),
      () => Buffer.from(bytes),
    ][way]?.();
    return { headers, body: changed ?? bytesNow };
  });

const headerMutation: fc.Arbitrary<Mutation> = fc
  .tuple(fc.constantFrom(...names), anyHeader)
  .map(([name, value]) => ({ headers, body }) => ({ headers: { ...headers, [name]: value }, body }));

const jsonBody: fc.Arbitrary<Mutation> = fc.json({ maxDepth: 3 }).map((text) => ({ headers }) => ({
  headers,
  body: Buffer.from(text),
}));

const notification = fc.oneof(
  fc.tuple(bodyMutation),
  fc.tuple(headerMutation),
  fc.tuple(jsonBody),
  fc.array(fc.oneof(bodyMutation, headerMutation, jsonBody), { minLength: 2, maxLength: 4 }),
);

const same = (one: RawNotification, other: RawNotification) =>
  Buffer.compare(one.body, other.body) === 0 &&
  names.every((name) => one.headers[name] === other.headers[name]);

/** What came of it; fails when it was anything but an acceptance or an error that says what is wrong. */
async function outcomeOf(reading: Promise<unknown>): Promise<string> {
  return reading.then(
    () => 'accepted',
    (error: unknown) => (error instanceof WechatPayError ? error.code : expect.fail(`it crashed: ${error}`)),
  );
}

/** An object of which at most one field is something else. */
function almost(fields: Readonly<Record<string, unknown>>): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const change = fc.tuple(
    fc.constantFrom(...Object.keys(fields)),
    fc.oneof(fc.jsonValue(), fc.constant(undefined)),
  );
  return fc
    .option(change, { freq: 2 })
    .map((changed) => (changed === null ? fields : { ...fields, [changed[0]]: changed[1] }));
}

describe('the reader of notifications', () => {
  it('bears 100,000 forged ones: no crash, no acceptance, no long wait', { timeout: 60_000 }, async () => {
    await using pay = await servePay(() => ({}));
    const client = pay.createClient({ onAlert: () => undefined });
    const headers: RawNotification['headers'] = signedHeaders(good, pay.clock);
    const genuine: RawNotification = { headers, body: Buffer.from(good) };
    expect(await client.readNotification(genuine)).toHaveProperty('kind', 'transaction');
    let slowestMs = 0;
    let refused = 0;
    for (let seed = 1; seed <= RUNS / BATCH; seed += 1) {
      for (const mutations of fc.sample(notification, { numRuns: BATCH, seed })) {
        const raw = mutations.reduce((current, mutate) => mutate(current), genuine);
        if (same(raw, genuine)) continue;
        const startedAt = performance.now();
        expect(await outcomeOf(client.readNotification(raw))).not.toBe('accepted');
        slowestMs = Math.max(slowestMs, performance.now() - startedAt);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(0.99 * RUNS);
    // A serial number in hex makes us look for certificates: once a minute, and time stands still here.
    expect(pay.received.length).toBeLessThanOrEqual(3);
    // WeChat Pay waits 5 s; a busy machine is the only thing that takes more than some ms.
    expect(slowestMs).toBeLessThan(5000);
  });

  it('bears anything that is signed right: it reads it, or says what is wrong', async () => {
    await using pay = await servePay(() => ({}));
    const client = pay.createClient({ onAlert: () => undefined });
    const inside = fc.oneof(
      fc.json({ maxDepth: 3 }),
      almost(transaction).map((fields) => JSON.stringify(fields)),
    );
    const resource = inside.chain((plain) => almost(seal(plain, 'transaction')));
    const body = fc.oneof(
      fc.json({ maxDepth: 3 }),
      resource
        .chain((sealed) => almost({ id: 'EV-1', event_type: 'TRANSACTION.SUCCESS', resource: sealed }))
        .map((one) => JSON.stringify(one)),
    );
    const outcomes = new Set<string>();
    for (const text of fc.sample(body, { numRuns: 3000, seed: 1 })) {
      const raw = { headers: signedHeaders(text, pay.clock), body: Buffer.from(text) };
      outcomes.add(await outcomeOf(client.readNotification(raw)));
    }
    expect([...outcomes].toSorted()).toEqual([
      'WECHAT_PAY_MISCONFIGURED',
      'WECHAT_PAY_NOTIFICATION_UNREADABLE',
      'WECHAT_PAY_OTHER_MERCHANT',
      'accepted',
    ]);
  });
});
