import type { RefundStatus } from '../../pay/pay-types.ts';
import { invalid } from '../control-errors.ts';
import { announceRefund } from './pay-notices.ts';
import type { RefundRecord } from './pay-records.ts';
import type { PayWorld } from './pay-world.ts';

export type RefundEnd = Exclude<RefundStatus, 'PROCESSING'>;

const ENDS: readonly RefundEnd[] = ['SUCCESS', 'ABNORMAL', 'CLOSED'];

/** Lets a refund succeed after a while, unless somebody has ended it by then. */
export function finishRefundLater(world: PayWorld, refund: RefundRecord): void {
  const { refundAfterMs } = world.behaviour();
  if (refundAfterMs === null) return;
  world.agenda.in(refundAfterMs, () => {
    if (refund.status === 'PROCESSING') finishRefund(world, refund, 'SUCCESS');
  });
}

/** Ends a refund that is on its way, or one that was abnormal. @throws CodedError when there is none such */
export function endRefund(world: PayWorld, outRefundNo: string, status: RefundEnd): RefundRecord {
  const refund = world.ledger.refund(outRefundNo);
  if (refund === undefined) throw invalid('there is no such refund');
  if (!ENDS.includes(status)) throw invalid(`status must be one of ${ENDS.join(', ')}`);
  if (refund.status !== 'PROCESSING' && refund.status !== 'ABNORMAL') throw invalid('that refund is over');
  finishRefund(world, refund, status);
  return refund;
}

function finishRefund(world: PayWorld, refund: RefundRecord, status: RefundEnd): void {
  refund.status = status;
  refund.successAtMs = status === 'SUCCESS' ? world.clock.told() : null;
  announceRefund(world, refund);
}
