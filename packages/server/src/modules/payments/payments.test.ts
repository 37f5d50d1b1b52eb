import { HOUR, MINUTE } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { startPaymentBench } from '../../../testing/payment-bench.ts';
import { findPayment, markClosed } from './payment-store.ts';

const tea = { reference: 'order-1', userId: 'u1', amountFen: 100, description: 'a cup of tea' };
const coded = (code: string) => expect.objectContaining({ code });

describe('a payment', () => {
  it('is opened, paid by the user, told by WeChat Pay, and booked once with what the app writes', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour: { repeated: 1, delayMs: 0 } } });
    const { payment, parameters } = await bench.payments.open(tea);
    expect(payment).toMatchObject({
      ...tea,
      status: 'pending',
      transactionId: null,
      refundedFen: 0,
      paidAt: null,
    });
    bench.pay.payWith(parameters);
    await bench.pay.quiet();
    expect(bench.pay.counts).toMatchObject({ sent: 1, acknowledged: 1, repeated: 1 });
    const paid = await bench.payments.find('order-1');
    const { transactionId, paidAtMs } = bench.pay.payment(payment.outTradeNo) ?? {};
    expect(paid).toMatchObject({ status: 'paid', transactionId });
    expect(Date.parse(paid?.paidAt ?? '')).toBe(Math.floor((paidAtMs ?? 0) / 1000) * 1000);
    expect(await bench.entries()).toEqual(['paid order-1']);
    expect(bench.told).toEqual([]);
  });

  it('opened again is the same one, whose parameters are signed anew', async () => {
    await using bench = await startPaymentBench();
    const first = await bench.payments.open(tea);
    const again = await bench.payments.open({ ...tea, description: 'said in other words' });
    expect(again.payment).toEqual(first.payment);
    expect(again.parameters.package).toBe(first.parameters.package);
    expect(again.parameters.nonceStr).not.toBe(first.parameters.nonceStr);
    expect(bench.pay.payments).toHaveLength(1);
    bench.pay.payWith(again.parameters);
  });

  it('opened by many requests at once is one', async () => {
    await using bench = await startPaymentBench();
    const opened = await Promise.all(Array.from({ length: 8 }, () => bench.payments.open(tea)));
    expect(new Set(opened.map(({ payment }) => payment.outTradeNo)).size).toBe(1);
    expect(bench.pay.payments).toHaveLength(1);
  });

  it('gets a new prepay id under the same number when the old one has grown old', async () => {
    await using bench = await startPaymentBench();
    const long = { ...tea, expiresInMs: 2 * HOUR };
    const first = await bench.payments.open(long);
    bench.clock.advance(2 * HOUR - 4 * MINUTE);
    const again = await bench.payments.open(long);
    expect(again.payment.outTradeNo).toBe(first.payment.outTradeNo);
    expect(again.parameters.package).not.toBe(first.parameters.package);
  });

  it('is refused when it is paid, of another amount or user, of nobody, or out of bounds', async () => {
    await using bench = await startPaymentBench();
    await bench.payments.open(tea);
    await expect(bench.payments.open({ ...tea, amountFen: 101 })).rejects.toEqual(coded('PAYMENT_CHANGED'));
    await expect(bench.payments.open({ ...tea, userId: 'u2' })).rejects.toEqual(coded('PAYMENT_CHANGED'));
    await expect(bench.payments.open({ ...tea, userId: 'nobody' })).rejects.toEqual(
      coded('WECHAT_USER_UNKNOWN'),
    );
    const wrong = {
      reference: '',
      userId: 'u1',
      amountFen: 0.5,
      description: 'x'.repeat(128),
      expiresInMs: 5,
    };
    const refused = await bench.payments.open(wrong).catch((error: { details: { path: string }[] }) => error);
    expect(refused).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect((refused as { details: { path: string }[] }).details.map(({ path }) => path)).toEqual([
      'reference',
      'amountFen',
      'description',
      'expiresInMs',
    ]);
    await bench.paid('order-1');
    await expect(bench.payments.open(tea)).rejects.toEqual(coded('PAYMENT_DONE'));
  });

  it('that has expired gets a new number, which the app is not told of: what is paid for goes on', async () => {
    await using bench = await startPaymentBench();
    const old = await bench.payments.open(tea);
    bench.clock.advance(31 * MINUTE);
    const fresh = await bench.payments.open({ ...tea, amountFen: 80 });
    expect(fresh.payment.outTradeNo).not.toBe(old.payment.outTradeNo);
    expect(fresh.payment.amountFen).toBe(80);
    expect(() => bench.pay.payWith(old.parameters)).toThrow(/closed/);
    bench.pay.payWith(fresh.parameters);
    await bench.pay.quiet();
    expect(await bench.entries()).toEqual(['paid order-1']);
  });

  it('whose number was closed behind our back gets a new one', async () => {
    await using bench = await startPaymentBench();
    const long = { ...tea, expiresInMs: 2 * HOUR };
    const old = await bench.payments.open(long);
    bench.pay.expire(old.payment.outTradeNo);
    bench.clock.advance(2 * HOUR - 4 * MINUTE);
    const fresh = await bench.payments.open(long);
    expect(fresh.payment.outTradeNo).not.toBe(old.payment.outTradeNo);
    bench.pay.payWith(fresh.parameters);
  });

  it('is booked by a query where the user waits for it and no notification came', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour: { missing: 1 } } });
    const { parameters } = await bench.payments.open(tea);
    expect(await bench.payments.refresh('order-1')).toMatchObject({ status: 'pending' });
    bench.pay.payWith(parameters);
    // Whoever asks again at once hears what is known.
    expect(await bench.payments.refresh('order-1')).toMatchObject({ status: 'pending' });
    bench.clock.advance(2_000);
    expect(await bench.payments.refresh('order-1')).toMatchObject({ status: 'paid' });
    expect(await bench.payments.refresh('order-1')).toMatchObject({ status: 'paid' });
    expect(await bench.payments.refresh('no-such')).toBeUndefined();
    expect(await bench.entries()).toEqual(['paid order-1']);
  });
});

describe('closing', () => {
  it('ends a payment at WeChat Pay too, and tells the app once', async () => {
    await using bench = await startPaymentBench();
    const { parameters } = await bench.payments.open(tea);
    expect(await bench.payments.close('order-1')).toMatchObject({ status: 'closed' });
    expect(await bench.payments.close('order-1')).toMatchObject({ status: 'closed' });
    expect(() => bench.pay.payWith(parameters)).toThrow(/closed/);
    expect(await bench.entries()).toEqual(['closed order-1']);
    const next = await bench.payments.open(tea);
    bench.pay.payWith(next.parameters);
  });

  it('of one that somebody has just paid books it as paid', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour: { missing: 1 } } });
    const { parameters } = await bench.payments.open(tea);
    bench.pay.payWith(parameters);
    expect(await bench.payments.close('order-1')).toMatchObject({ status: 'paid' });
    expect(await bench.entries()).toEqual(['paid order-1']);
  });

  it('of one that WeChat Pay never heard of, and of none, is no fault', async () => {
    await using bench = await startPaymentBench();
    bench.simulator.inject({ kind: 'pay-error', status: 403, code: 'RULE_LIMIT' });
    await expect(bench.payments.open(tea)).rejects.toEqual(coded('WECHAT_UNAVAILABLE'));
    expect(await bench.payments.close('order-1')).toMatchObject({ status: 'closed' });
    expect(await bench.entries()).toEqual(['closed order-1']);
    expect(await bench.payments.close('no-such')).toBeUndefined();
  });

  it('does not end in the books what was made payable while WeChat Pay was asked', async () => {
    await using bench = await startPaymentBench();
    const { database } = bench.records;
    const { payment } = await bench.payments.open(tea);
    const row = await findPayment(database, payment.outTradeNo);
    if (row === undefined) throw new Error('it is in the books');
    expect(await markClosed(database, { ...row, prepayId: null })).toBe(false);
    expect(await markClosed(database, { ...row, prepayId: 'wx-another' })).toBe(false);
    expect(await bench.payments.find('order-1')).toMatchObject({ status: 'pending' });
    expect(await markClosed(database, row)).toBe(true);
    expect(await bench.payments.find('order-1')).toMatchObject({ status: 'closed' });
  });

  it('does not undo a payment that came late: it is booked, and an operator is told', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour: { missing: 1 } } });
    const { payment, parameters } = await bench.payments.open(tea);
    bench.pay.payWith(parameters);
    // As after a restore of the database, or a fault of WeChat Pay's: closed in the books, and paid.
    await bench.records.database.run({
      sql: "update maque_payments set status = 'closed', activeReference = null, nextCheckAt = null",
      parameters: [],
    });
    bench.pay.behave({ missing: 0 });
    bench.pay.notifyAgain(payment.outTradeNo);
    await expect.poll(() => bench.payments.find('order-1')).toMatchObject({ status: 'paid' });
    expect(await bench.entries()).toEqual(['paid order-1']);
    expect(bench.told).toEqual(['PAYMENT_PAID_LATE']);
    await expect(bench.payments.open(tea)).rejects.toEqual(coded('PAYMENT_DONE'));
  });
});

describe('what no notification told', () => {
  it('is asked for a minute after it was opened', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour: { missing: 1 } } });
    const { parameters } = await bench.payments.open(tea);
    bench.pay.payWith(parameters);
    await bench.turn('payments.check');
    expect(await bench.entries()).toEqual([]);
    await bench.pass(MINUTE);
    expect(await bench.entries()).toEqual(['paid order-1']);
  });

  it('and not paid is asked for five times, closed at its expiry, and told to the app once', async () => {
    await using bench = await startPaymentBench();
    await bench.payments.open({ ...tea, expiresInMs: 2 * HOUR });
    await bench.pass(119 * MINUTE);
    const queries = () => bench.pay.calls.filter(({ method }) => method === 'GET').length;
    expect(queries()).toBe(4);
    expect(await bench.entries()).toEqual([]);
    await bench.pass(10 * MINUTE);
    expect(queries()).toBe(5);
    expect(await bench.entries()).toEqual(['closed order-1']);
    expect(await bench.payments.find('order-1')).toMatchObject({ status: 'closed' });
    expect(metricsOf(bench.module)).toMatchObject({ maque_payments_pending: 0 });
  });

  it('waits while WeChat Pay cannot be reached', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour: { missing: 1 } } });
    for (const reference of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      bench.pay.payWith((await bench.payments.open({ ...tea, reference })).parameters);
    }
    bench.simulator.inject({ kind: 'drop', times: 1_000, path: '/v3/pay' });
    await bench.pass(2 * MINUTE);
    expect(await bench.entries()).toEqual([]);
    await expect(bench.payments.refresh('a')).rejects.toEqual(coded('WECHAT_UNAVAILABLE'));
    bench.simulator.clearFaults();
    await bench.pass(2 * MINUTE);
    expect(await bench.entries()).toHaveLength(8);
  });

  it('keeps trying when the app’s handler fails, and loses nothing', async () => {
    let isBroken = true;
    await using bench = await startPaymentBench({
      merchant: { behaviour: { ladderScale: 0 } },
      before() {
        if (isBroken) throw new Error('the app is broken');
      },
    });
    await bench.paid('order-1');
    // Told 16 times in all, as WeChat Pay does, and refused each time.
    expect(bench.pay.counts).toMatchObject({ sent: 16, acknowledged: 0, givenUp: 1 });
    expect(await bench.entries()).toEqual([]);
    expect(await bench.payments.find('order-1')).toMatchObject({ status: 'pending' });
    expect(new Set(bench.told)).toEqual(new Set(['PAYMENT_HANDLER_FAILED']));
    isBroken = false;
    await bench.pass(MINUTE);
    expect(await bench.entries()).toEqual(['paid order-1']);
  });

  it('answers in time when the handler does not', async () => {
    await using bench = await startPaymentBench({ before: () => new Promise(() => {}) });
    const { parameters } = await bench.payments.open(tea);
    bench.pay.behave({ missing: 1 });
    bench.pay.payWith(parameters);
    bench.pay.behave({ missing: 0, lost: 0 });
    const began = performance.now();
    bench.pay.notifyAgain(bench.pay.payments[0]?.outTradeNo ?? '');
    await expect
      .poll(() => bench.pay.deliveries.find(({ outcome }) => outcome === 500), { timeout: 6_000 })
      .toBeDefined();
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(bench.told).toEqual(['PAYMENT_HANDLER_FAILED']);
    expect(await bench.entries()).toEqual([]);
  });
});

function metricsOf({ metrics }: { metrics(): readonly object[] }): Record<string, number> {
  const all = metrics() as { name: string; samples: { value: number }[] }[];
  return Object.fromEntries(all.map(({ name, samples }) => [name, samples[0]?.value ?? Number.NaN]));
}
