import { HOUR, MINUTE, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type PaymentBench, startPaymentBench } from '../../../testing/payment-bench.ts';

const coded = (code: string) => expect.objectContaining({ code });
const behaviour = { refundAfterMs: null };

/** What the books and WeChat Pay say went back, in fen. */
async function refunded(bench: PaymentBench, reference: string) {
  const payment = await bench.payments.find(reference);
  const { refundedFen } = bench.pay.payment(payment?.outTradeNo ?? '') ?? {};
  return [payment?.refundedFen, refundedFen];
}

describe('a refund', () => {
  it('is accepted, ends later, and is told to the app once', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour: { refundAfterMs: 3 * SECOND } } });
    await bench.paid('order-1', 100);
    const refund = await bench.payments.refund({
      reference: 'order-1',
      refund: 'all',
      amountFen: 100,
      reason: 'broken cup',
    });
    expect(refund).toMatchObject({ reference: 'all', status: 'pending', payment: { reference: 'order-1' } });
    expect(bench.pay.refund(refund.outRefundNo)).toMatchObject({
      status: 'PROCESSING',
      reason: 'broken cup',
    });
    bench.clock.advance(3 * SECOND);
    await expect.poll(() => bench.entries()).toEqual(['paid order-1', 'refunded all']);
    expect(await refunded(bench, 'order-1')).toEqual([100, 100]);
  });

  it('of the same name is the same one, and is paid out once', async () => {
    await using bench = await startPaymentBench();
    await bench.paid('order-1', 100);
    const one = { reference: 'order-1', refund: 'half', amountFen: 50 };
    const refunds = await Promise.all(Array.from({ length: 6 }, () => bench.payments.refund(one)));
    expect(new Set(refunds.map(({ outRefundNo }) => outRefundNo)).size).toBe(1);
    expect(bench.pay.refunds).toHaveLength(1);
    await expect(bench.payments.refund({ ...one, amountFen: 51 })).rejects.toEqual(coded('REFUND_CHANGED'));
  });

  it('that the books have lost since is the same one to WeChat Pay, and is paid out once', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour } });
    await bench.paid('order-1', 100);
    const one = { reference: 'order-1', refund: 'half', amountFen: 50 };
    const { outRefundNo } = await bench.payments.refund(one);
    // As after a power cut, or from a backup.
    await bench.records.database.run({ sql: 'delete from maque_refunds', parameters: [] });
    await bench.records.database.run({ sql: 'update maque_payments set reservedFen = 0', parameters: [] });
    expect(await bench.payments.refund(one)).toMatchObject({ outRefundNo, status: 'pending' });
    expect(bench.pay.refunds.map((refund) => refund.outRefundNo)).toEqual([outRefundNo]);
  });

  it('is refused before WeChat Pay is asked when all together would be too much, however many come at once', async () => {
    await using bench = await startPaymentBench();
    await bench.paid('order-1', 100);
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        bench.payments.refund({ reference: 'order-1', refund: `part-${index}`, amountFen: 30 }),
      ),
    );
    const refused = tries.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array(7).fill('REFUND_TOO_LARGE'));
    expect(bench.pay.refunds).toHaveLength(3);
    const calls = bench.pay.calls.filter(({ method, path }) => method === 'POST' && path.includes('refund'));
    expect(calls).toHaveLength(3);
  });

  it('of what was not paid is refused', async () => {
    await using bench = await startPaymentBench();
    const refund = { reference: 'order-1', refund: 'all', amountFen: 100 };
    await expect(bench.payments.refund(refund)).rejects.toEqual(coded('PAYMENT_UNKNOWN'));
    await bench.payments.open({ reference: 'order-1', userId: 'u1', amountFen: 100, description: 'tea' });
    await expect(bench.payments.refund(refund)).rejects.toEqual(coded('PAYMENT_UNKNOWN'));
    await expect(bench.payments.refund({ ...refund, amountFen: 0 })).rejects.toEqual(
      coded('VALIDATION_FAILED'),
    );
  });

  it('is made 50 times of one payment at most', async () => {
    await using bench = await startPaymentBench();
    await bench.paid('order-1', 100);
    const part = (index: number) => ({ reference: 'order-1', refund: `part-${index}`, amountFen: 1 });
    for (let index = 0; index < 50; index += 1) await bench.payments.refund(part(index));
    await expect(bench.payments.refund(part(50))).rejects.toEqual(coded('REFUNDS_USED_UP'));
  });
});

describe('a refund that WeChat Pay', () => {
  it('was not asked for, since it could not be reached, is asked for again under the same number', async () => {
    await using bench = await startPaymentBench();
    await bench.paid('order-1', 100);
    bench.simulator.inject({ kind: 'drop', path: '/v3/refund', times: 1_000 });
    const refund = await bench.payments.refund({ reference: 'order-1', refund: 'all', amountFen: 100 });
    expect(refund.status).toBe('pending');
    expect(bench.pay.refunds).toEqual([]);
    bench.simulator.clearFaults();
    await bench.pass(2 * MINUTE);
    expect(bench.pay.refunds.map(({ outRefundNo }) => outRefundNo)).toEqual([refund.outRefundNo]);
    bench.clock.advance(5 * MINUTE);
    await expect.poll(() => bench.entries()).toEqual(['paid order-1', 'refunded all']);
  });

  it('took, while its answer was lost, is paid out once', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour } });
    await bench.paid('order-1', 100);
    bench.simulator.inject({ kind: 'drop', path: '/v3/refund', times: 3, afterEffect: true });
    const one = { reference: 'order-1', refund: 'all', amountFen: 100 };
    const refund = await bench.payments.refund(one);
    await bench.payments.refund(one);
    await bench.pass(5 * MINUTE);
    expect(bench.pay.refunds).toHaveLength(1);
    bench.pay.finishRefund(refund.outRefundNo, 'SUCCESS');
    await bench.pay.quiet();
    expect(await refunded(bench, 'order-1')).toEqual([100, 100]);
  });

  it('has ended without a notification is found by asking', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour } });
    await bench.paid('order-1', 100);
    const { outRefundNo } = await bench.payments.refund({
      reference: 'order-1',
      refund: 'all',
      amountFen: 100,
    });
    bench.pay.behave({ missing: 1 });
    bench.pay.finishRefund(outRefundNo, 'SUCCESS');
    await bench.pass(2 * MINUTE);
    expect(await bench.entries()).toEqual(['paid order-1', 'refunded all']);
  });

  it('refuses for good has failed; its money can go back by another', async () => {
    await using bench = await startPaymentBench();
    await bench.paid('order-1', 100);
    const fault = {
      kind: 'pay-error',
      status: 403,
      code: 'USER_ACCOUNT_ABNORMAL',
      path: '/v3/refund',
    } as const;
    bench.simulator.inject(fault);
    const all = { reference: 'order-1', refund: 'all', amountFen: 100 };
    // Another worker may be asking at this moment, so a minute passes before it is believed.
    expect(await bench.payments.refund(all)).toMatchObject({ status: 'pending' });
    bench.clock.advance(MINUTE);
    bench.simulator.inject(fault);
    const refund = await bench.payments.refund(all);
    expect(refund.status).toBe('failed');
    expect(await bench.entries()).toEqual(['paid order-1', 'failed all']);
    expect(bench.told).toContain('REFUND_FAILED');
    expect(await bench.payments.refund(all)).toEqual(refund);
    await bench.payments.refund({ reference: 'order-1', refund: 'all-again', amountFen: 100 });
    expect(bench.pay.refunds).toHaveLength(1);
  });

  it('cannot pay out for want of money waits until there is some', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour: { refundAfterMs: 1 } } });
    await bench.paid('order-1', 100);
    bench.simulator.inject({ kind: 'pay-error', status: 403, code: 'NOT_ENOUGH', path: '/v3/refund' });
    const refund = await bench.payments.refund({ reference: 'order-1', refund: 'all', amountFen: 100 });
    expect(refund.status).toBe('pending');
    expect(bench.told).toEqual(['WECHAT_PAY_BALANCE_SHORT']);
    await bench.pass(HOUR);
    expect(await bench.entries()).toEqual(['paid order-1', 'refunded all']);
  });

  it('ends as closed gives its money back to the payment', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour } });
    await bench.paid('order-1', 100);
    const { outRefundNo } = await bench.payments.refund({
      reference: 'order-1',
      refund: 'all',
      amountFen: 100,
    });
    bench.pay.finishRefund(outRefundNo, 'CLOSED');
    await bench.pay.quiet();
    expect(await bench.entries()).toEqual(['paid order-1', 'failed all']);
    expect(bench.told).toEqual(['REFUND_FAILED']);
    expect(await refunded(bench, 'order-1')).toEqual([0, 0]);
    await bench.payments.refund({ reference: 'order-1', refund: 'again', amountFen: 100 });
  });

  it('calls abnormal keeps its money, tells an operator, and may still succeed', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour } });
    await bench.paid('order-1', 100);
    const { outRefundNo } = await bench.payments.refund({
      reference: 'order-1',
      refund: 'all',
      amountFen: 100,
    });
    bench.pay.finishRefund(outRefundNo, 'ABNORMAL');
    await bench.pay.quiet();
    expect(await bench.entries()).toEqual(['paid order-1', 'failed all']);
    await expect(
      bench.payments.refund({ reference: 'order-1', refund: 'again', amountFen: 1 }),
    ).rejects.toEqual(coded('REFUND_TOO_LARGE'));
    bench.pay.behave({ missing: 1 });
    bench.pay.finishRefund(outRefundNo, 'SUCCESS');
    await bench.pass(7 * HOUR);
    expect(await bench.entries()).toEqual(['paid order-1', 'failed all', 'refunded all']);
    expect(bench.told).toEqual(['REFUND_FAILED']);
    expect(await refunded(bench, 'order-1')).toEqual([100, 100]);
  });

  it('never ends is given to an operator after 30 days', async () => {
    await using bench = await startPaymentBench({ merchant: { behaviour } });
    await bench.paid('order-1', 100);
    await bench.payments.refund({ reference: 'order-1', refund: 'all', amountFen: 100 });
    for (let step = 0; step < 130 && bench.told.length === 0; step += 1) {
      bench.clock.advance(6 * HOUR);
      await bench.turn('payments.check');
    }
    expect(bench.told).toEqual(['REFUND_STUCK']);
    const asked = bench.pay.calls.length;
    bench.clock.advance(7 * HOUR);
    await bench.turn('payments.check');
    expect(bench.pay.calls).toHaveLength(asked);
  });
});
