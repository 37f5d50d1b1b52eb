import type { Fen } from '@maque/wechat';
import type { PaymentStatus } from '../../define/wechat-services.ts';
import { type DatabaseConnection, insertUnlessTaken } from '../../ports/index.ts';

/** Lines of a bill that are looked up at once. Statements are kept by their text, so each has exactly so many places. */
export const BILL_BATCH = 200;
const PLACES = Array.from({ length: BILL_BATCH }, () => '?').join(', ');
const PAYMENTS = `select outTradeNo, amountFen, status from maque_payments where outTradeNo in (${PLACES})`;
const REFUNDS = `select outRefundNo, amountFen from maque_refunds where outRefundNo in (${PLACES})`;
const TICK_OFF = `update maque_payments set billDate = ? where outTradeNo in (${PLACES})`;
const CLEAR = 'update maque_payments set billDate = null where paidAt >= ? and paidAt < ? and billDate = ?';
const MISSING =
  "select outTradeNo from maque_payments where paidAt >= ? and paidAt < ? and status = 'paid' and billDate is null limit ?";
const COUNT_MISSING =
  "select count(*) as count from maque_payments where paidAt >= ? and paidAt < ? and status = 'paid' and billDate is null";
const FIRST = 'select createdAt from maque_payments order by outTradeNo limit 1';
const COMPARED = 'select date from maque_pay_bills where date >= ?';
const KEEP = 'insert into maque_pay_bills (date, comparedAt, differences) values (?, ?, ?)';

export interface BilledPayment {
  readonly outTradeNo: string;
  readonly amountFen: Fen;
  readonly status: PaymentStatus;
}

/** Those of the payments that the books have, by number. At most {@link BILL_BATCH}, one at least. */
export async function findBilledPayments(
  connection: DatabaseConnection,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, BilledPayment>> {
  const rows = await connection.all<BilledPayment>({ sql: PAYMENTS, parameters: filled(numbers) });
  return new Map(rows.map((row) => [row.outTradeNo, row]));
}

/** The amounts of those of the refunds that the books have, by number. At most {@link BILL_BATCH}, one at least. */
export async function findBilledRefunds(
  connection: DatabaseConnection,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, Fen>> {
  const rows = await connection.all<{ outRefundNo: string; amountFen: Fen }>({
    sql: REFUNDS,
    parameters: filled(numbers),
  });
  return new Map(rows.map((row) => [row.outRefundNo, row.amountFen]));
}

/** Notes that a bill has these payments. */
export async function tickOff(
  connection: DatabaseConnection,
  numbers: readonly string[],
  date: string,
): Promise<void> {
  await connection.run({ sql: TICK_OFF, parameters: [date, ...filled(numbers)] });
}

/** Forgets what an earlier reading of a bill has noted, which did not come to its end. */
export async function clearTicks(
  connection: DatabaseConnection,
  fromMs: number,
  toMs: number,
  date: string,
): Promise<void> {
  await connection.run({ sql: CLEAR, parameters: [fromMs, toMs, date] });
}

/** Payments that were paid in a time and are in no bill: how many, and the first few. */
export async function findUnbilled(
  connection: DatabaseConnection,
  fromMs: number,
  toMs: number,
  limit: number,
): Promise<{ readonly count: number; readonly outTradeNos: readonly string[] }> {
  const [counted] = await connection.all<{ count: number }>({
    sql: COUNT_MISSING,
    parameters: [fromMs, toMs],
  });
  const rows = await connection.all<{ outTradeNo: string }>({
    sql: MISSING,
    parameters: [fromMs, toMs, limit],
  });
  return { count: counted?.count ?? 0, outTradeNos: rows.map(({ outTradeNo }) => outTradeNo) };
}

/** When the first payment was opened. */
export async function firstPaymentAt(connection: DatabaseConnection): Promise<number | undefined> {
  return (await connection.all<{ createdAt: number }>({ sql: FIRST, parameters: [] }))[0]?.createdAt;
}

export async function comparedBills(
  connection: DatabaseConnection,
  fromDate: string,
): Promise<ReadonlySet<string>> {
  const rows = await connection.all<{ date: string }>({ sql: COMPARED, parameters: [fromDate] });
  return new Set(rows.map(({ date }) => date));
}

/** Answers false when it was kept already. */
export function keepComparison(
  connection: DatabaseConnection,
  date: string,
  nowMs: number,
  differences: number,
): Promise<boolean> {
  return insertUnlessTaken(connection, { sql: KEEP, parameters: [date, nowMs, differences] });
}

function filled(numbers: readonly string[]): string[] {
  return Array.from({ length: BILL_BATCH }, (_, index) => numbers[index] ?? numbers[0] ?? '');
}
