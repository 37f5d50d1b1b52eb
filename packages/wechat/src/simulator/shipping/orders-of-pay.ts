import type { SimulatedPayment } from '../pay/pay-records.ts';
import type { SimulatedPay } from '../pay/simulated-pay.ts';
import type { PaidOrder, PaidOrders } from './paid-orders.ts';

/** The payments of the simulated WeChat Pay that were made, as orders to be shipped. */
export function ordersOfPay(pay: Pick<SimulatedPay, 'payments' | 'payment'>, ownMchId: string): PaidOrders {
  return {
    mchId: ownMchId,
    list: () => pay.payments.toReversed().flatMap((payment) => orderOf(payment, ownMchId) ?? []),
    find(mchId, outTradeNo) {
      const payment = mchId === ownMchId ? pay.payment(outTradeNo) : undefined;
      return payment && orderOf(payment, ownMchId);
    },
  };
}

function orderOf(payment: SimulatedPayment, mchId: string): PaidOrder | undefined {
  const { transactionId, paidAtMs, outTradeNo, description, openid, createdAtMs } = payment;
  if (transactionId === null || paidAtMs === null) return undefined;
  return {
    ...{ transactionId, mchId, outTradeNo, description, openid, createdAtMs, paidAtMs },
    amountFen: payment.totalFen,
    refunded: payment.refundedFen >= payment.totalFen,
  };
}
