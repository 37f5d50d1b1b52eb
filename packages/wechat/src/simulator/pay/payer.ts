import type { PaymentParameters } from '../../pay/pay-types.ts';
import { invalid } from '../control-errors.ts';
import { signedText } from './pay-keyring.ts';
import { announcePayment } from './pay-notices.ts';
import { type PaymentRecord, stateOf } from './pay-records.ts';
import type { PayWorld } from './pay-world.ts';

/** Pays as the WeChat app does after `wx.requestPayment`. @throws CodedError when the app would show an error instead */
export function payWith(world: PayWorld, parameters: PaymentParameters): PaymentRecord {
  const { timeStamp, nonceStr, package: bundle, signType, paySign } = parameters;
  const texts = [timeStamp, nonceStr, bundle, signType, paySign];
  if (!texts.every((text) => typeof text === 'string' && text.length <= 1024)) {
    throw invalid('timeStamp, nonceStr, package, signType and paySign must be texts');
  }
  if (signType !== 'RSA') throw invalid('signType must be RSA');
  if (!/^\d{10}$/.test(timeStamp)) throw invalid('timeStamp must be the time in seconds');
  if (nonceStr.length < 1 || nonceStr.length > 32) throw invalid('nonceStr must have 1 to 32 characters');
  if (!world.keyring.isMerchants(signedText(world.appId, timeStamp, nonceStr, bundle), paySign)) {
    throw invalid('paySign is wrong: it must cover appId, timeStamp, nonceStr and package');
  }
  return pay(world, /^prepay_id=(.*)$/s.exec(bundle)?.[1] ?? '');
}

/** Pays. @param number an `out_trade_no` or a prepay id @throws CodedError when it cannot be paid */
export function pay(world: PayWorld, number: string): PaymentRecord {
  const { ledger, clock, numbers } = world;
  const payment = ledger.paymentOfPrepay(number) ?? ledger.payment(number);
  if (payment === undefined)
    throw invalid('there is no such payment, or its prepay id is older than 2 hours');
  mustBeOpen(world, payment);
  ledger.markPaid(payment, numbers.transactionId(clock.told()));
  announcePayment(world, payment);
  return payment;
}

/** Closes the payment window without paying. @throws CodedError when it cannot be paid anyway */
export function refusePayment(world: PayWorld, outTradeNo: string): PaymentRecord {
  const payment = mustBeKnown(world, outTradeNo);
  mustBeOpen(world, payment);
  payment.refusals += 1;
  return payment;
}

/** Lets the time in which it can be paid run out. @throws CodedError when there is none left */
export function expirePayment(world: PayWorld, outTradeNo: string): PaymentRecord {
  const payment = mustBeKnown(world, outTradeNo);
  mustBeOpen(world, payment);
  payment.closesAtMs = world.clock.now();
  return payment;
}

/** @throws CodedError when there is no such payment */
export function mustBeKnown({ ledger }: PayWorld, outTradeNo: string): PaymentRecord {
  const payment = ledger.payment(outTradeNo);
  if (payment === undefined) throw invalid('there is no such payment');
  return payment;
}

function mustBeOpen({ clock }: PayWorld, payment: PaymentRecord): void {
  const state = stateOf(payment, clock.now());
  if (state === 'CLOSED') throw invalid('that payment is closed');
  if (state !== 'NOTPAY') throw invalid('that payment is paid already');
}
