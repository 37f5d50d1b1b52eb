import type { PaymentParameters, RefundStatus } from '../pay/pay-types.ts';
import { invalid } from './control-errors.ts';
import type { Forgery, PayBehaviour } from './pay/pay-behaviour.ts';
import type { SimulatedPay } from './pay/simulated-pay.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a developer and the page do with the simulated WeChat Pay. */
export const payControlRoutes: Readonly<Record<string, (pay: SimulatedPay, body: Fields) => unknown>> = {
  'POST /_sim/pay': (pay, { outTradeNo }) => pay.pay(numberOf(outTradeNo)),
  'POST /_sim/pay/with': (pay, body) => pay.payWith(body as unknown as PaymentParameters),
  'POST /_sim/pay/refuse': (pay, { outTradeNo }) => pay.refuse(numberOf(outTradeNo)),
  'POST /_sim/pay/expire': (pay, { outTradeNo }) => pay.expire(numberOf(outTradeNo)),
  'POST /_sim/pay/finish-refund': (pay, { outRefundNo, status = 'SUCCESS' }) =>
    pay.finishRefund(numberOf(outRefundNo), status as Exclude<RefundStatus, 'PROCESSING'>),
  'POST /_sim/pay/notify': (pay, { number }) => {
    pay.notifyAgain(numberOf(number));
    return { number };
  },
  'POST /_sim/pay/forge': (pay, { outTradeNo, forgery }) => {
    pay.forge(numberOf(outTradeNo), forgery as Forgery);
    return { outTradeNo };
  },
  'POST /_sim/pay/rotate-certificate': (pay, { overlapMs = 0 }) => {
    pay.rotateCertificate(typeof overlapMs === 'number' ? overlapMs : Number.NaN);
    return {};
  },
  'GET /_sim/pay/behaviour': (pay) => pay.behaviour,
  'POST /_sim/pay/behaviour': (pay, body) => pay.behave(body as Partial<PayBehaviour>),
};

function numberOf(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalid('the number of a payment or of a refund is missing');
}
