import { DAY, HOUR, MINUTE } from '@maque/kit';
import { expect, it } from 'vitest';
import { type PaymentBench, startPaymentBench } from '../../../testing/payment-bench.ts';

const startMs = Date.parse('2026-05-01T12:00:00+08:00');
const rows = (bench: PaymentBench, sql: string) =>
  bench.records.database.all<object>({ sql, parameters: [] });
const billed = (bench: PaymentBench) =>
  rows(bench, 'select date, differences from maque_pay_bills order by date');

/** The next day at a time in China, in small steps, so that no request is signed long before it is sent. */
function goOn(bench: PaymentBench, time: string): void {
  const day = Math.floor((bench.clock.now() + 8 * HOUR) / DAY) + 1;
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  bench.clock.advance(day * DAY - 8 * HOUR + hours * HOUR + minutes * MINUTE - bench.clock.now());
}

it('the bill of a day is compared once, from 10:00 of the next day on, and nobody is told when all is well', async () => {
  await using bench = await startPaymentBench({ startMs, merchant: { behaviour: { refundAfterMs: 1 } } });
  for (const name of ['a', 'b', 'c']) await bench.paid(name);
  await bench.payments.refund({ reference: 'a', refund: 'all', amountFen: 100 });
  await bench.pass(MINUTE);
  goOn(bench, '9:59');
  await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([]);
  bench.clock.advance(2 * MINUTE);
  await bench.turn('payments.bill');
  await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([{ date: '2026-05-01', differences: 0 }]);
  expect(bench.pay.calls.filter(({ path }) => path.includes('tradebill'))).toHaveLength(1);
  expect(bench.told).toEqual([]);
});

it('what differs is counted and told: unknown, other amounts, not booked, missing, refunds; what was paid is booked', async () => {
  await using bench = await startPaymentBench({ startMs, merchant: { behaviour: { refundAfterMs: 1 } } });
  const { database } = bench.records;
  const change = (sql: string, ...parameters: string[]) => database.run({ sql, parameters });
  await bench.paid('well');
  await change('delete from maque_payments where outTradeNo = ?', await bench.paid('unknown'));
  await change('update maque_payments set amountFen = 1 where outTradeNo = ?', await bench.paid('amount'));
  await bench.payments.refund({ reference: 'well', refund: 'gone', amountFen: 10 });
  await bench.pass(MINUTE);
  await change('delete from maque_refunds where reference = ?', 'gone');
  bench.pay.behave({ missing: 1 });
  const { parameters } = await bench.payments.open({
    ...{ reference: 'unbooked', userId: 'u1', amountFen: 100, description: 'tea' },
  });
  bench.pay.payWith(parameters);
  await change(
    "insert into maque_payments select 'invented', 'invented', null, userId, openid, amountFen, description, status, 'invented'," +
      ' null, null, expiresAt, 0, 0, createdAt, paidAt, null, null from maque_payments where reference = ?',
    'well',
  );
  goOn(bench, '10:00');
  await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([{ date: '2026-05-01', differences: 5 }]);
  expect(bench.told).toEqual(['PAYMENT_BILL_DIFFERS']);
  expect(await bench.payments.find('unbooked')).toMatchObject({ status: 'paid' });
  expect(await bench.entries()).toContain('paid unbooked');
});

it('a day without trade has no bill, which is known when none has come by the afternoon', async () => {
  await using bench = await startPaymentBench({ startMs });
  await bench.payments.open({ reference: 'a', userId: 'u1', amountFen: 100, description: 'tea' });
  goOn(bench, '15:00');
  await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([]);
  bench.clock.advance(HOUR);
  await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([{ date: '2026-05-01', differences: 0 }]);
});

it('days that were missed are made up for, the oldest first, a day a turn', async () => {
  await using bench = await startPaymentBench({ startMs });
  await bench.paid('a');
  goOn(bench, '20:00');
  await bench.paid('b');
  goOn(bench, '20:00');
  for (let turn = 0; turn < 4; turn += 1) await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([
    { date: '2026-05-01', differences: 0 },
    { date: '2026-05-02', differences: 0 },
  ]);
});

it('a bill that broke off is read again from its beginning', async () => {
  await using bench = await startPaymentBench({ startMs });
  await bench.paid('a');
  goOn(bench, '10:00');
  bench.simulator.inject({ kind: 'drop', path: '/v3/bill', times: 3 });
  await expect(bench.turn('payments.bill')).rejects.toThrow();
  expect(await billed(bench)).toEqual([]);
  bench.simulator.clearFaults();
  await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([{ date: '2026-05-01', differences: 0 }]);
});

it('a bill that cannot be read does not keep the next ones from being compared', async () => {
  await using bench = await startPaymentBench({ startMs });
  await bench.paid('a');
  goOn(bench, '20:00');
  await bench.paid('b');
  goOn(bench, '20:00');
  // The three tries of the first bill.
  bench.simulator.inject({ kind: 'drop', path: '/v3/bill', times: 3 });
  await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([{ date: '2026-05-02', differences: 0 }]);
  await bench.turn('payments.bill');
  expect(await billed(bench)).toHaveLength(2);
});

it('a bill of many rows is compared in batches', async () => {
  await using bench = await startPaymentBench({ startMs });
  for (let index = 0; index < 230; index += 1) {
    const { parameters } = await bench.payments.open({
      ...{ reference: `order-${index}`, userId: 'u1', amountFen: 1 + index, description: 'tea' },
    });
    bench.pay.payWith(parameters);
  }
  await bench.pay.quiet();
  goOn(bench, '10:00');
  await bench.turn('payments.bill');
  expect(await billed(bench)).toEqual([{ date: '2026-05-01', differences: 0 }]);
  expect(
    await rows(bench, 'select count(*) as count from maque_payments where billDate is not null'),
  ).toEqual([{ count: 230 }]);
});

it('deliveries of notifications are forgotten after two days', async () => {
  await using bench = await startPaymentBench({ startMs });
  await bench.paid('a');
  const seen = () => rows(bench, 'select id from maque_pay_notifications');
  goOn(bench, '10:00');
  await bench.turn('payments.bill');
  expect(await seen()).toHaveLength(1);
  goOn(bench, '13:00');
  await bench.turn('payments.bill');
  expect(await seen()).toEqual([]);
});
