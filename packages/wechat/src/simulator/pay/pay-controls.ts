import type { PaymentParameters } from '../../pay/pay-types.ts';
import { invalid } from '../control-errors.ts';
import type { Delivery, DeliveryCounts } from './notifier.ts';
import type { PayCallRecord } from './pay-api.ts';
import type { Forgery, PayBehaviour } from './pay-behaviour.ts';
import type { SimulatedPayment, SimulatedRefund } from './pay-records.ts';
import type { SimulatedPay } from './simulated-pay.ts';

// What a developer scrolls through at most.
const SHOWN = 50;

type Fields = Readonly<Record<string, unknown>>;
type PayControl = (pay: SimulatedPay, body: Fields) => object;

/** What can be done to payments over HTTP, as a test in the same process does it. Every method may throw `CodedError`. */
export const payControls: Readonly<Record<string, PayControl>> = {
  'POST /_sim/pay/pay': (pay, { number }) => ({ payment: pay.pay(textIn('number', number)) }),
  // What `wx.requestPayment` was called with, as it was.
  'POST /_sim/pay/pay-with': (pay, body) => ({ payment: pay.payWith(body as unknown as PaymentParameters) }),
  'POST /_sim/pay/refuse': (pay, { outTradeNo }) => ({
    payment: pay.refuse(textIn('outTradeNo', outTradeNo)),
  }),
  'POST /_sim/pay/expire': (pay, { outTradeNo }) => ({
    payment: pay.expire(textIn('outTradeNo', outTradeNo)),
  }),
  'POST /_sim/pay/finish-refund': (pay, { outRefundNo, status }) => ({
    refund: pay.finishRefund(textIn('outRefundNo', outRefundNo), status as 'SUCCESS'),
  }),
  'POST /_sim/pay/notify-again': (pay, { number }) => {
    pay.notifyAgain(textIn('number', number));
    return {};
  },
  'POST /_sim/pay/forge': (pay, { outTradeNo, forgery }) => {
    pay.forge(textIn('outTradeNo', outTradeNo), forgery as Forgery);
    return {};
  },
  'POST /_sim/pay/rotate-certificate': (pay) => {
    pay.rotateCertificate();
    return {};
  },
  'POST /_sim/pay/behaviour': (pay, body) => ({ behaviour: pay.behave(body as Partial<PayBehaviour>) }),
};

/** What the simulated WeChat Pay shows of itself; no secret in it. All lists the newest first. */
export interface PayState {
  readonly behaviour: PayBehaviour;
  readonly counts: DeliveryCounts;
  readonly payments: readonly SimulatedPayment[];
  readonly refunds: readonly SimulatedRefund[];
  readonly deliveries: readonly Delivery[];
  readonly calls: readonly PayCallRecord[];
}

/** At most 50 of each. */
export function payState({
  behaviour,
  counts,
  payments,
  refunds,
  deliveries,
  calls,
}: SimulatedPay): PayState {
  return {
    behaviour,
    counts,
    payments: payments.slice(-SHOWN).reverse(),
    refunds: refunds.slice(-SHOWN).reverse(),
    deliveries: deliveries.slice(0, SHOWN),
    calls: calls.slice(-SHOWN).reverse(),
  };
}

function textIn(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${name} must be a text`);
}
