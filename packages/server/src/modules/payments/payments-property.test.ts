import { HOUR, MINUTE, SECOND } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledger, type PaymentBench, startPaymentBench } from '../../../testing/payment-bench.ts';

/** What users, the app, WeChat Pay and bad luck do, in any order. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), order: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pay' as const), order: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), order: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refresh' as const), order: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      order: fc.nat(3),
      name: fc.nat(4),
      fen: fc.integer({ min: 1, max: 100 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('end refund' as const),
      pick: fc.nat(20),
      as: fc.constantFrom('SUCCESS' as const, 'CLOSED' as const, 'ABNORMAL' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tell again' as const), pick: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lose answers' as const),
      times: fc.integer({ min: 1, max: 4 }),
      afterEffect: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('abort' as const), times: fc.integer({ min: 1, max: 3 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

it('whatever happens in whatever order: what was paid is booked once, nothing else is, and refunds add up', {
  timeout: 120_000,
}, async () => {
  let aborts = 0;
  await using bench = await startPaymentBench({
    merchant: {
      behaviour: {
        ...{ lost: 0.3, repeated: 0.3, delayed: 0.3, delayMs: MINUTE, forged: 0.3, missing: 0.2 },
        refundAfterMs: 20 * SECOND,
      },
    },
    // As a worker that dies before it commits: all that the transaction wrote is gone.
    before() {
      if (aborts === 0) return;
      aborts -= 1;
      throw new Error('the worker has died');
    },
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      run += 1;
      const prefix = `run-${run}-`;
      for (const one of steps) {
        if (one.do === 'abort') aborts = one.times;
        // Refusals and faults are what callers get; what counts is what is true in the end.
        else await perform(bench, prefix, one).catch(() => {});
      }
      aborts = 0;
      bench.simulator.clearFaults();
      await settle(bench);
      await expectTruth(bench, prefix);
    }),
    { numRuns: 25 },
  );
  expect(bench.pay.counts.forgedAcknowledged).toBe(0);
  expect(bench.pay.counts.forged).toBeGreaterThan(20);
});

async function perform(bench: PaymentBench, prefix: string, one: Step): Promise<void> {
  const { payments, pay } = bench;
  switch (one.do) {
    case 'open':
      await payments.open(teaOf(prefix, one.order));
      return;
    case 'pay': {
      // With parameters that the user got at any time, of any number.
      const { parameters } = await payments.open(teaOf(prefix, one.order));
      pay.payWith(parameters);
      return;
    }
    case 'close':
      await payments.close(`${prefix}${one.order}`);
      return;
    case 'refresh':
      await payments.refresh(`${prefix}${one.order}`);
      return;
    case 'refund':
      await payments.refund({
        ...{ reference: `${prefix}${one.order}`, refund: `part-${one.name}`, amountFen: one.fen },
      });
      return;
    case 'end refund': {
      const open = pay.refunds.filter(({ status }) => status === 'PROCESSING');
      const refund = open[one.pick % Math.max(1, open.length)];
      if (refund !== undefined) pay.finishRefund(refund.outRefundNo, one.as);
      return;
    }
    case 'tell again': {
      const payment = pay.payments.at(-1 - (one.pick % Math.max(1, pay.payments.length)));
      if (payment !== undefined) pay.notifyAgain(payment.outTradeNo);
      return;
    }
    case 'wait':
      await bench.pass(one.minutes * MINUTE);
      return;
    case 'lose answers':
      bench.simulator.inject({
        ...{ kind: 'drop', path: '/v3', times: one.times, afterEffect: one.afterEffect },
      });
  }
}

const teaOf = (prefix: string, order: number) => ({
  ...{ reference: `${prefix}${order}`, userId: 'u1', amountFen: 100, description: 'a cup of tea' },
});

/** Lets all of it come to its end: payments paid or closed, refunds ended or abnormal. */
async function settle(bench: PaymentBench): Promise<void> {
  await bench.pass(35 * MINUTE);
  // WeChat Pay's side lives by timers, which see only some time later how late it has become.
  const underWay = () => bench.pay.refunds.filter(({ status }) => status === 'PROCESSING');
  await expect.poll(underWay, { timeout: 10_000 }).toEqual([]);
  const open = async () =>
    (
      await bench.records.database.all<{ count: number }>({
        sql: "select (select count(*) from maque_payments where status = 'pending') + (select count(*) from maque_refunds where status = 'pending') as count",
        parameters: [],
      })
    )[0]?.count;
  for (let hour = 0; hour < 48 && (await open()) !== 0; hour += 1) {
    bench.clock.advance(HOUR);
    await bench.turn('payments.check');
  }
  expect(await open()).toBe(0);
}

/** The books and WeChat Pay's agree, and so does what the app was told. */
async function expectTruth(bench: PaymentBench, prefix: string): Promise<void> {
  const { database } = bench.records;
  const ours = await database.all<Record<string, string | number | null>>({
    sql: 'select outTradeNo, reference, status, transactionId, amountFen, refundedFen, reservedFen from maque_payments where reference like ?',
    parameters: [`${prefix}%`],
  });
  const told = await bench.records.data.list(ledger, { limit: 1_000, where: {} });
  for (const { outTradeNo, reference, status, transactionId, amountFen, refundedFen, reservedFen } of ours) {
    const theirs = bench.pay.payment(String(outTradeNo));
    const isPaid = theirs?.transactionId != null;
    expect(status).toBe(isPaid ? 'paid' : 'closed');
    expect(transactionId).toBe(theirs?.transactionId ?? null);
    const refunds = bench.pay.refunds.filter((one) => one.outTradeNo === outTradeNo);
    const back = sum(refunds.filter((one) => one.status === 'SUCCESS').map((one) => one.refundFen));
    expect(refundedFen).toBe(back);
    expect(reservedFen).toBe(theirs?.refundedFen ?? 0);
    expect(Number(reservedFen)).toBeLessThanOrEqual(Number(amountFen));
    const paid = told.filter((entry) => entry.kind === 'paid' && entry.reference === reference);
    const paidNumbers = ours.filter((one) => one.reference === reference && one.status === 'paid');
    expect(paid).toHaveLength(paidNumbers.length);
    expect(paidNumbers.length).toBeLessThanOrEqual(1);
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
