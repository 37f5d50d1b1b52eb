import type { DatabaseConnection } from '../../ports/index.ts';
import type { RefundRow, RefundRowStatus, RefundWithPayment } from './payment-schema.ts';

const SELECT =
  'select r.outRefundNo, r.outTradeNo, r.reference, r.amountFen, r.reason, r.status, r.createdAt, r.nextCheckAt, ' +
  'p.reference as paymentReference, p.userId, p.amountFen as paymentFen ' +
  'from maque_refunds r join maque_payments p on p.outTradeNo = r.outTradeNo';
const FIND = `${SELECT} where r.outRefundNo = ?`;
const FIND_NAMED = `${SELECT} where r.outTradeNo = ? and r.reference = ?`;
const DUE = `${SELECT} where r.nextCheckAt <= ? order by r.nextCheckAt limit ?`;
const COUNT = 'select count(*) as count from maque_refunds where outTradeNo = ?';
const INSERT =
  'insert into maque_refunds (outRefundNo, outTradeNo, reference, amountFen, reason, status, createdAt, nextCheckAt) ' +
  'values (?, ?, ?, ?, ?, ?, ?, ?)';
const MOVE = 'update maque_refunds set status = ?, nextCheckAt = ? where outRefundNo = ? and status = ?';
const PLAN_CHECK = 'update maque_refunds set nextCheckAt = ? where outRefundNo = ? and status = ?';

export async function findRefund(
  connection: DatabaseConnection,
  outRefundNo: string,
): Promise<RefundWithPayment | undefined> {
  return (await connection.all<RefundWithPayment>({ sql: FIND, parameters: [outRefundNo] }))[0];
}

/** The refund of a payment by its name in the app's words. */
export async function findNamedRefund(
  connection: DatabaseConnection,
  outTradeNo: string,
  reference: string,
): Promise<RefundWithPayment | undefined> {
  return (
    await connection.all<RefundWithPayment>({ sql: FIND_NAMED, parameters: [outTradeNo, reference] })
  )[0];
}

/** Those that WeChat is to be asked about by now, the longest due first. */
export async function findDueRefunds(
  connection: DatabaseConnection,
  nowMs: number,
  limit: number,
): Promise<readonly RefundWithPayment[]> {
  return connection.all<RefundWithPayment>({ sql: DUE, parameters: [nowMs, limit] });
}

export async function countRefunds(connection: DatabaseConnection, outTradeNo: string): Promise<number> {
  const [row] = await connection.all<{ count: number }>({ sql: COUNT, parameters: [outTradeNo] });
  return row?.count ?? 0;
}

/** @throws DuplicateValueError when the payment has a refund of this name. */
export async function insertRefund(connection: DatabaseConnection, row: RefundRow): Promise<void> {
  const { outRefundNo, outTradeNo, reference, amountFen, reason, status, createdAt, nextCheckAt } = row;
  const parameters = [outRefundNo, outTradeNo, reference, amountFen, reason, status, createdAt, nextCheckAt];
  await connection.run({ sql: INSERT, parameters });
}

/** Answers false when it is not, or no longer, in the state `from`. */
export async function moveRefund(
  connection: DatabaseConnection,
  outRefundNo: string,
  from: RefundRowStatus,
  to: RefundRowStatus,
  nextCheckAt: number | null,
): Promise<boolean> {
  const parameters = [to, nextCheckAt, outRefundNo, from];
  return (await connection.run({ sql: MOVE, parameters })).changes > 0;
}

export async function planRefundCheck(
  connection: DatabaseConnection,
  { outRefundNo, status }: Pick<RefundRow, 'outRefundNo' | 'status'>,
  atMs: number | null,
): Promise<void> {
  await connection.run({ sql: PLAN_CHECK, parameters: [atMs, outRefundNo, status] });
}
