import { DatabaseSync } from 'node:sqlite';
import type { SimulatedPayment, SimulatedRefund } from '@maque/wechat/simulator';

/** What the shop has written down, straight from its database. */
export interface PaymentBooks {
  readonly payments: readonly BookedPayment[];
  readonly refunds: readonly BookedRefund[];
  /** By id. */
  readonly orders: ReadonlyMap<string, string>;
}

interface BookedPayment {
  readonly outTradeNo: string;
  readonly reference: string;
  readonly status: string;
  readonly amountFen: number;
  readonly refundedFen: number;
  readonly transactionId: string | null;
}

interface BookedRefund {
  readonly outRefundNo: string;
  readonly amountFen: number;
  readonly status: string;
}

/** Reads the books of a running or a stopped shop. */
export function readBooks(databaseFile: string): PaymentBooks {
  const database = new DatabaseSync(databaseFile, { readOnly: true });
  try {
    const rows = <Row>(sql: string) => database.prepare(sql).all() as unknown as Row[];
    const orders = rows<{ id: string; status: string }>('select id, status from orders');
    return {
      payments: rows<BookedPayment>(
        'select outTradeNo, reference, status, amountFen, refundedFen, transactionId from maque_payments',
      ),
      refunds: rows<BookedRefund>('select outRefundNo, amountFen, status from maque_refunds'),
      orders: new Map(orders.map(({ id, status }) => [id, status])),
    };
  } finally {
    database.close();
  }
}

/** Compares the books with WeChat Pay's ledger, payment by payment and order by order; answers each difference. Pure. */
export function compareBooks(
  books: PaymentBooks,
  payments: readonly SimulatedPayment[],
  refunds: readonly SimulatedRefund[],
): string[] {
  const differences: string[] = [];
  const ledger = new Map(payments.map((payment) => [payment.outTradeNo, payment]));
  const paidOrders = new Map<string, number>();
  const refundedOrders = new Set<string>();
  for (const booked of books.payments) {
    const known = ledger.get(booked.outTradeNo);
    const isPaid = known !== undefined && known.transactionId !== null;
    if ((booked.status === 'paid') !== isPaid) {
      differences.push(
        `${booked.outTradeNo} is ${booked.status} here and ${known?.state ?? 'unknown'} there`,
      );
    } else if (isPaid) {
      paidOrders.set(booked.reference, (paidOrders.get(booked.reference) ?? 0) + 1);
      if (booked.refundedFen === booked.amountFen) refundedOrders.add(booked.reference);
      if (booked.transactionId !== known.transactionId || booked.amountFen !== known.totalFen) {
        differences.push(`${booked.outTradeNo} is another payment here than there`);
      }
      if (booked.refundedFen !== known.refundedFen) {
        differences.push(
          `${booked.outTradeNo} gave back ${booked.refundedFen} fen here and ${known.refundedFen} there`,
        );
      }
    }
    ledger.delete(booked.outTradeNo);
  }
  for (const { outTradeNo, transactionId } of ledger.values()) {
    if (transactionId !== null) differences.push(`${outTradeNo} was paid there and is unknown here`);
  }
  differences.push(
    ...orderDifferences(books.orders, paidOrders, refundedOrders),
    ...refundDifferences(books.refunds, refunds),
  );
  return differences;
}

function orderDifferences(
  orders: PaymentBooks['orders'],
  paid: ReadonlyMap<string, number>,
  refunded: ReadonlySet<string>,
): string[] {
  const differences: string[] = [];
  for (const [id, status] of orders) {
    const times = paid.get(id) ?? 0;
    const saysPaid = status === 'paid' || status === 'refunded';
    if (times > 1) differences.push(`order ${id} was paid ${times} times`);
    if (saysPaid !== times > 0) differences.push(`order ${id} is ${status} and was paid ${times} times`);
    if ((status === 'refunded') !== refunded.has(id)) {
      const isBack = refunded.has(id) ? 'is' : 'is not';
      differences.push(`order ${id} is ${status}, and all its money ${isBack} back`);
    }
  }
  return differences;
}

function refundDifferences(booked: readonly BookedRefund[], refunds: readonly SimulatedRefund[]): string[] {
  const differences: string[] = [];
  const ledger = new Map(refunds.map((refund) => [refund.outRefundNo, refund]));
  for (const { outRefundNo, amountFen, status } of booked) {
    const known = ledger.get(outRefundNo);
    ledger.delete(outRefundNo);
    if (known?.status !== 'SUCCESS' || status !== 'succeeded' || known.refundFen !== amountFen) {
      differences.push(`refund ${outRefundNo} is ${status} here and ${known?.status ?? 'unknown'} there`);
    }
  }
  for (const outRefundNo of ledger.keys()) differences.push(`refund ${outRefundNo} is unknown here`);
  return differences;
}
