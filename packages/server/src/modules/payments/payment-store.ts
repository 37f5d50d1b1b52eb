import type { Fen } from '@maque/wechat';
import type { DatabaseConnection } from '../../ports/index.ts';
import type { PaymentRow } from './payment-schema.ts';

const COLUMNS =
  'outTradeNo, reference, userId, openid, amountFen, description, status, transactionId, prepayId, prepayGoodUntil, ' +
  'expiresAt, refundedFen, createdAt, paidAt, nextCheckAt';
const FIND = `select ${COLUMNS} from maque_payments where outTradeNo = ?`;
const FIND_ACTIVE = `select ${COLUMNS} from maque_payments where activeReference = ?`;
const FIND_NEWEST = `select ${COLUMNS} from maque_payments where reference = ? order by createdAt desc, outTradeNo desc limit 1`;
const FIND_PAID = `select ${COLUMNS} from maque_payments where reference = ? and status = 'paid' order by createdAt, outTradeNo limit 10`;
const DUE = `select ${COLUMNS} from maque_payments where status = 'pending' and nextCheckAt <= ? order by nextCheckAt limit ?`;
const INSERT =
  'insert into maque_payments (outTradeNo, reference, activeReference, userId, openid, amountFen, description, status, ' +
  "expiresAt, reservedFen, refundedFen, createdAt, nextCheckAt) values (?, ?, ?, ?, ?, ?, ?, 'pending', ?, 0, 0, ?, ?)";
const KEEP_PREPAY =
  "update maque_payments set prepayId = ?, prepayGoodUntil = ? where outTradeNo = ? and status = 'pending'";
const PLAN_CHECK = "update maque_payments set nextCheckAt = ? where outTradeNo = ? and status = 'pending'";
const MARK_PAID =
  "update maque_payments set status = 'paid', activeReference = ?, transactionId = ?, paidAt = ?, prepayId = null, " +
  "prepayGoodUntil = null, nextCheckAt = null where outTradeNo = ? and status in ('pending', 'closed')";
const MARK_CLOSED =
  "update maque_payments set status = 'closed', activeReference = null, prepayId = null, prepayGoodUntil = null, " +
  "nextCheckAt = null where outTradeNo = ? and status = 'pending' and coalesce(prepayId, '') = ?";
const RESERVE_REFUND =
  'update maque_payments set reservedFen = reservedFen + ? ' +
  "where outTradeNo = ? and status = 'paid' and reservedFen + ? <= amountFen";
const RELEASE_REFUND = 'update maque_payments set reservedFen = reservedFen - ? where outTradeNo = ?';
const ADD_REFUNDED = 'update maque_payments set refundedFen = refundedFen + ? where outTradeNo = ?';
const UNPAID =
  "select count(*) as pending, coalesce(sum(case when createdAt < ? then 1 else 0 end), 0) as overdue from maque_payments where status = 'pending'";

export async function findPayment(
  connection: DatabaseConnection,
  outTradeNo: string,
): Promise<PaymentRow | undefined> {
  return (await connection.all<PaymentRow>({ sql: FIND, parameters: [outTradeNo] }))[0];
}

/** The one of a reference that is pending or paid. */
export async function findActivePayment(
  connection: DatabaseConnection,
  reference: string,
): Promise<PaymentRow | undefined> {
  return (await connection.all<PaymentRow>({ sql: FIND_ACTIVE, parameters: [reference] }))[0];
}

export async function findNewestPayment(
  connection: DatabaseConnection,
  reference: string,
): Promise<PaymentRow | undefined> {
  return (await connection.all<PaymentRow>({ sql: FIND_NEWEST, parameters: [reference] }))[0];
}

/** One, but where a user has paid a number that was closed, beside the one that took its place. */
export async function findPaidPayments(
  connection: DatabaseConnection,
  reference: string,
): Promise<readonly PaymentRow[]> {
  return connection.all<PaymentRow>({ sql: FIND_PAID, parameters: [reference] });
}

/** Pending ones that WeChat is to be asked about by now, the longest due first. */
export async function findDuePayments(
  connection: DatabaseConnection,
  nowMs: number,
  limit: number,
): Promise<readonly PaymentRow[]> {
  return connection.all<PaymentRow>({ sql: DUE, parameters: [nowMs, limit] });
}

/** @throws DuplicateValueError when the reference has a payment that is pending or paid. */
export async function insertPayment(connection: DatabaseConnection, row: PaymentRow): Promise<void> {
  const { outTradeNo, reference, userId, openid, amountFen, description } = row;
  const who = [outTradeNo, reference, reference, userId, openid, amountFen, description];
  await connection.run({ sql: INSERT, parameters: [...who, row.expiresAt, row.createdAt, row.nextCheckAt] });
}

/** Answers false when the payment is not pending any more. */
export async function keepPrepay(
  connection: DatabaseConnection,
  outTradeNo: string,
  prepayId: string,
  goodUntil: number,
): Promise<boolean> {
  const parameters = [prepayId, goodUntil, outTradeNo];
  return (await connection.run({ sql: KEEP_PREPAY, parameters })).changes > 0;
}

export async function planPaymentCheck(
  connection: DatabaseConnection,
  outTradeNo: string,
  atMs: number,
): Promise<void> {
  await connection.run({ sql: PLAN_CHECK, parameters: [atMs, outTradeNo] });
}

/** Answers false when it was paid before. @throws DuplicateValueError when another payment has this transaction. */
export async function markPaid(
  connection: DatabaseConnection,
  row: Pick<PaymentRow, 'outTradeNo' | 'reference'>,
  transactionId: string,
  paidAt: number,
): Promise<boolean> {
  const active = await findActivePayment(connection, row.reference);
  const isFree = active === undefined || active.outTradeNo === row.outTradeNo;
  const parameters = [isFree ? row.reference : null, transactionId, paidAt, row.outTradeNo];
  return (await connection.run({ sql: MARK_PAID, parameters })).changes > 0;
}

/**
 * Answers false when it was not pending, or has got another prepay id since `row` was read: WeChat Pay may have said that
 * it knew no such payment just before another worker made it there, and a user can pay it now.
 */
export async function markClosed(
  connection: DatabaseConnection,
  { outTradeNo, prepayId }: Pick<PaymentRow, 'outTradeNo' | 'prepayId'>,
): Promise<boolean> {
  return (await connection.run({ sql: MARK_CLOSED, parameters: [outTradeNo, prepayId ?? ''] })).changes > 0;
}

/**
 * Sets money of a paid payment aside for a refund; false when all refunds together would exceed it. One statement, so
 * that two refunds at once cannot both take the last fen.
 */
export async function reserveRefund(
  connection: DatabaseConnection,
  outTradeNo: string,
  amountFen: Fen,
): Promise<boolean> {
  const parameters = [amountFen, outTradeNo, amountFen];
  return (await connection.run({ sql: RESERVE_REFUND, parameters })).changes > 0;
}

export async function releaseRefund(
  connection: DatabaseConnection,
  outTradeNo: string,
  amountFen: Fen,
): Promise<void> {
  await connection.run({ sql: RELEASE_REFUND, parameters: [amountFen, outTradeNo] });
}

export async function addRefunded(
  connection: DatabaseConnection,
  outTradeNo: string,
  amountFen: Fen,
): Promise<void> {
  await connection.run({ sql: ADD_REFUNDED, parameters: [amountFen, outTradeNo] });
}

/** How many are pending, and how many of these were opened before `sinceMs`. */
export async function countUnpaid(
  connection: DatabaseConnection,
  sinceMs: number,
): Promise<{ readonly pending: number; readonly overdue: number }> {
  const [counts] = await connection.all<{ pending: number; overdue: number }>({
    sql: UNPAID,
    parameters: [sinceMs],
  });
  return counts ?? { pending: 0, overdue: 0 };
}
