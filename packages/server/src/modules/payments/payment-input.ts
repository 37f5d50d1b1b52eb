import { HOUR, MINUTE, type Milliseconds } from '@maque/kit';
import type { ValuesOf } from '../../define/field.ts';
import { field } from '../../define/field-vocabulary.ts';
import type { NewPayment, NewRefund } from '../../define/wechat-services.ts';
import { checkedValues } from '../records/record-input.ts';

/** Longer than a user needs, shorter than stock should be kept from others. */
const DEFAULT_EXPIRY_MS: Milliseconds = 30 * MINUTE;
/** A prepay id lives for two hours: a payment that lives no longer needs one only. */
const LONGEST_EXPIRY_MS: Milliseconds = 2 * HOUR;
/** 10 million yuan: no payment of a user's comes near, and sums of them stay whole numbers. */
const MOST_FEN = 1_000_000_000;

const paymentFields = {
  reference: field.text({ maxLength: 64 }),
  userId: field.text({ maxLength: 40 }),
  amountFen: field.int({ min: 1, max: MOST_FEN }),
  // WeChat Pay's own bound, as of a refund's reason below.
  description: field.text({ maxLength: 127 }),
  expiresInMs: field.int({ min: MINUTE, max: LONGEST_EXPIRY_MS }).default(DEFAULT_EXPIRY_MS),
};

const refundFields = {
  reference: field.text({ maxLength: 64 }),
  refund: field.text({ maxLength: 64 }),
  amountFen: field.int({ min: 1, max: MOST_FEN }),
  reason: field.text({ maxLength: 80 }).optional(),
};

export type CheckedPayment = ValuesOf<typeof paymentFields>;
export type CheckedRefund = ValuesOf<typeof refundFields>;

/** A payment as asked for, its expiry filled in. @throws CodedError VALIDATION_FAILED with every fault. */
export function checkedPayment(input: NewPayment): CheckedPayment {
  return checkedValues(paymentFields, input, {}) as CheckedPayment;
}

/** @throws CodedError VALIDATION_FAILED with every fault. */
export function checkedRefund(input: NewRefund): CheckedRefund {
  return checkedValues(refundFields, input, {}) as CheckedRefund;
}
