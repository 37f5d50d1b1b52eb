import type { Fen } from '@maque/wechat';
import type { PaymentStatus } from '../../define/wechat-services.ts';
import type { Migration } from '../../ports/index.ts';

/** Times are ms since the epoch, as everywhere in the database. */
export interface PaymentRow {
  readonly outTradeNo: string;
  readonly reference: string;
  readonly userId: string;
  readonly openid: string;
  readonly amountFen: Fen;
  readonly description: string;
  readonly status: PaymentStatus;
  readonly transactionId: string | null;
  readonly prepayId: string | null;
  /** Until when the prepay id is handed out again; null with it. */
  readonly prepayGoodUntil: number | null;
  readonly expiresAt: number;
  /** What has gone back for certain. */
  readonly refundedFen: Fen;
  readonly createdAt: number;
  readonly paidAt: number | null;
  /** When WeChat is to be asked next; null when there is nothing left to ask. */
  readonly nextCheckAt: number | null;
}

/**
 * `abnormal`: the money could not go where it came from, and an operator must say in WeChat's console where it is to go.
 * `closed`: WeChat has ended the refund, and the money stayed. `refused`: WeChat never took it.
 */
export type RefundRowStatus = 'pending' | 'succeeded' | 'abnormal' | 'closed' | 'refused';

export interface RefundRow {
  readonly outRefundNo: string;
  readonly outTradeNo: string;
  readonly reference: string;
  readonly amountFen: Fen;
  readonly reason: string | null;
  readonly status: RefundRowStatus;
  readonly createdAt: number;
  readonly nextCheckAt: number | null;
}

/** A refund with what is told of its payment. */
export interface RefundWithPayment extends RefundRow {
  readonly paymentReference: string;
  readonly userId: string;
  readonly paymentFen: Fen;
}

export const paymentMigrations: readonly Migration[] = [
  {
    id: '0007-payments',
    async up({ schema }) {
      await schema
        .createTable('maque_payments')
        .addColumn('outTradeNo', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('reference', 'varchar(64)', (column) => column.notNull())
        // The reference while the payment is pending or paid: unique, so that each has one such payment at most.
        .addColumn('activeReference', 'varchar(64)', (column) => column.unique())
        .addColumn('userId', 'varchar(40)', (column) => column.notNull())
        .addColumn('openid', 'varchar(64)', (column) => column.notNull())
        .addColumn('amountFen', 'bigint', (column) => column.notNull())
        .addColumn('description', 'varchar(127)', (column) => column.notNull())
        .addColumn('status', 'varchar(8)', (column) => column.notNull())
        .addColumn('transactionId', 'varchar(64)', (column) => column.unique())
        .addColumn('prepayId', 'varchar(128)')
        .addColumn('prepayGoodUntil', 'bigint')
        .addColumn('expiresAt', 'bigint', (column) => column.notNull())
        // Of refunds that are under way or done: what bounds the next one.
        .addColumn('reservedFen', 'bigint', (column) => column.notNull())
        .addColumn('refundedFen', 'bigint', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addColumn('paidAt', 'bigint')
        .addColumn('nextCheckAt', 'bigint')
        // The bill of WeChat's that has this payment.
        .addColumn('billDate', 'varchar(10)')
        .execute();
      await schema
        .createIndex('maque_payments_reference')
        .on('maque_payments')
        .columns(['reference', 'createdAt'])
        .execute();
      // Most are paid or closed and hold null here, so that what is due stays at one end.
      await schema
        .createIndex('maque_payments_check')
        .on('maque_payments')
        .columns(['status', 'nextCheckAt'])
        .execute();
      await schema.createIndex('maque_payments_paid').on('maque_payments').columns(['paidAt']).execute();
      await schema
        .createTable('maque_refunds')
        .addColumn('outRefundNo', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('outTradeNo', 'varchar(32)', (column) => column.notNull())
        .addColumn('reference', 'varchar(64)', (column) => column.notNull())
        .addColumn('amountFen', 'bigint', (column) => column.notNull())
        .addColumn('reason', 'varchar(80)')
        .addColumn('status', 'varchar(9)', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addColumn('nextCheckAt', 'bigint')
        .addUniqueConstraint('maque_refunds_reference', ['outTradeNo', 'reference'])
        .execute();
      await schema.createIndex('maque_refunds_check').on('maque_refunds').columns(['nextCheckAt']).execute();
      // One row for each delivery of a notification: WeChat signs every repetition anew.
      await schema
        .createTable('maque_pay_notifications')
        .addColumn('id', 'varchar(64)', (column) => column.notNull())
        .addColumn('delivery', 'varchar(64)', (column) => column.notNull())
        .addColumn('seenAt', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('maque_pay_notifications_key', ['id', 'delivery'])
        .execute();
      await schema
        .createIndex('maque_pay_notifications_seen')
        .on('maque_pay_notifications')
        .columns(['seenAt'])
        .execute();
      await schema
        .createTable('maque_pay_bills')
        .addColumn('date', 'varchar(10)', (column) => column.primaryKey())
        .addColumn('comparedAt', 'bigint', (column) => column.notNull())
        .addColumn('differences', 'integer', (column) => column.notNull())
        .execute();
    },
  },
];
