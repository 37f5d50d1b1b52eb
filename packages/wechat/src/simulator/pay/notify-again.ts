import { invalid } from '../control-errors.ts';
import { announcePayment, announceRefund } from './pay-notices.ts';
import type { PayWorld } from './pay-world.ts';
import { mustBeKnown } from './payer.ts';

/** Sends a notification anew. @param number of a payment or of a refund @throws CodedError when there is nothing to tell */
export function notifyAgain(world: PayWorld, number: string): void {
  const refund = world.ledger.refund(number);
  if (refund !== undefined && refund.status !== 'PROCESSING') {
    announceRefund(world, refund);
    return;
  }
  const payment = mustBeKnown(world, number);
  if (payment.paid === undefined) throw invalid('nobody has paid that yet');
  announcePayment(world, payment);
}
