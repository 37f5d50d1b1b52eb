import { errors } from '@maque/contract';
import type { Payments } from '../../define/wechat-services.ts';

const refuse = async (): Promise<never> => {
  throw errors.PAYMENTS_OFF();
};

/** What apps have where there is no merchant account: each call says so. */
export const paymentsOff: Payments = Object.freeze({
  open: refuse,
  find: refuse,
  refresh: refuse,
  close: refuse,
  refund: refuse,
});
