import { checkFields } from './check-fields.ts';
import type { PayHandler } from './pay-call.ts';
import { type PaymentRecord, stateOf } from './pay-records.ts';
import { refuse } from './pay-refusal.ts';
import type { PayWorld } from './pay-world.ts';
import { transactionAnswer } from './payment-answers.ts';
import { checkMerchant } from './prepay-endpoint.ts';
import { merchantRules } from './request-rules.ts';

export const handleQueryByNumber: PayHandler = ({ number, query }, world) => {
  checkOwner(query, 'query', world);
  return answerOf(world.ledger.payment(number), world);
};

export const handleQueryByTransaction: PayHandler = ({ number, query }, world) => {
  checkOwner(query, 'query', world);
  return answerOf(world.ledger.paymentOfTransaction(number), world);
};

export const handleClose: PayHandler = ({ number, body }, world) => {
  checkOwner(body, 'body', world);
  const payment = world.ledger.payment(number);
  if (payment === undefined) throw refuse('order unknown');
  const state = stateOf(payment, world.clock.now());
  if (state === 'CLOSED') throw refuse('order closed');
  if (state !== 'NOTPAY') throw refuse('order paid');
  payment.closed = true;
  return undefined;
};

function checkOwner(fields: unknown, location: 'body' | 'query', world: PayWorld): void {
  checkFields(fields, merchantRules, location);
  checkMerchant((fields as { readonly mchid: string }).mchid, world);
}

function answerOf(payment: PaymentRecord | undefined, world: PayWorld) {
  if (payment === undefined) throw refuse('order unknown');
  return transactionAnswer(payment, world, world.clock.now());
}
