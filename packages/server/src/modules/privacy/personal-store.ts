import type { DatabaseConnection } from '../../ports/index.ts';

/** A payment as its user may have it. */
export interface PaymentFacts {
  readonly outTradeNo: string;
  readonly reference: string;
  readonly amountFen: number;
  readonly refundedFen: number;
  readonly description: string;
  readonly status: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly paidAt: number | null;
}

export interface FileFacts {
  readonly id: string;
  readonly type: string;
  readonly bytes: number;
  readonly createdAt: number;
}

export interface ConsentFacts {
  readonly templateId: string;
  readonly remaining: number;
}

const PAYMENTS =
  'select outTradeNo, reference, amountFen, refundedFen, description, status, createdAt, paidAt from maque_payments where userId = ? and outTradeNo > ? order by outTradeNo limit ?';
const FILES =
  'select id, type, bytes, createdAt from maque_uploads where ownerId = ? and id > ? order by id limit ?';
const CONSENTS =
  'select templateId, remaining from maque_message_consents where userId = ? order by templateId';
const UNSETTLED = "select outTradeNo from maque_payments where userId = ? and status = 'pending' limit 1";
const PAYMENT_IDS = 'select outTradeNo from maque_payments where userId = ? limit ?';
const FORGET_PAYER = "update maque_payments set userId = ?, openid = '' where outTradeNo = ?";
const FORGET_OWNER = 'update maque_uploads set ownerId = ? where id = ?';
const FORGET_MESSAGES = [
  'delete from maque_message_consents where userId = ?',
  'delete from maque_message_turns where userId = ?',
];
// A ticket stays until it ends: what was sent on it is found by it, and swept then.
const FORGET_TICKETS = 'update maque_upload_tickets set ownerId = ? where ownerId = ?';

/** A page of payments. @param after the number of the last one of the page before. */
export function paymentsOf(
  connection: DatabaseConnection,
  userId: string,
  after: string,
  atMost: number,
): Promise<PaymentFacts[]> {
  return connection.all({ sql: PAYMENTS, parameters: [userId, after, atMost] });
}

/** A page of files. @param after the id of the last one of the page before. */
export function filesOf(
  connection: DatabaseConnection,
  userId: string,
  after: string,
  atMost: number,
): Promise<FileFacts[]> {
  return connection.all({ sql: FILES, parameters: [userId, after, atMost] });
}

export function consentsOf(connection: DatabaseConnection, userId: string): Promise<ConsentFacts[]> {
  return connection.all({ sql: CONSENTS, parameters: [userId] });
}

/** Whether money of a user may still be on its way. */
export async function hasUnsettledPayment(connection: DatabaseConnection, userId: string): Promise<boolean> {
  return (await connection.all({ sql: UNSETTLED, parameters: [userId] })).length > 0;
}

export async function paymentIdsOf(
  connection: DatabaseConnection,
  userId: string,
  atMost: number,
): Promise<readonly string[]> {
  const rows = await connection.all<{ outTradeNo: string }>({
    sql: PAYMENT_IDS,
    parameters: [userId, atMost],
  });
  return rows.map(({ outTradeNo }) => outTradeNo);
}

/** Keeps a payment and forgets who has paid it. */
export async function forgetPayer(
  connection: DatabaseConnection,
  outTradeNo: string,
  nobody: string,
): Promise<void> {
  await connection.run({ sql: FORGET_PAYER, parameters: [nobody, outTradeNo] });
}

/** Keeps a file, because something else names it, and forgets whose it was. */
export async function forgetOwner(
  connection: DatabaseConnection,
  uploadId: string,
  nobody: string,
): Promise<void> {
  await connection.run({ sql: FORGET_OWNER, parameters: [nobody, uploadId] });
}

/** Forgets what the server itself keeps of a user beside files and payments. */
export async function forgetRest(
  connection: DatabaseConnection,
  userId: string,
  nobody: string,
): Promise<void> {
  for (const sql of FORGET_MESSAGES) await connection.run({ sql, parameters: [userId] });
  await connection.run({ sql: FORGET_TICKETS, parameters: [nobody, userId] });
}
