import type { RefundStatus } from '../../pay/pay-types.ts';
import { announceRefund } from './pay-notices.ts';
import type { RefundRecord } from './pay-records.ts';
import type { PayWorld } from './pay-world.ts';

/** Lets a refund succeed after a while, unless somebody has ended it by then. */
export function finishRefundLater(world: PayWorld, refund: RefundRecord): void {
  const { refundAfterMs } = world.behaviour();
  if (refundAfterMs === null) return;
  world.agenda.in(refundAfterMs, () => {
    if (refund.status === 'PROCESSING') finishRefund(world, refund, 'SUCCESS');
  });
}

/** Ends a refund and tells the server. */
export function finishRefund(
  world: PayWorld,
  refund: RefundRecord,
  status: Exclude<RefundStatus, 'PROCESSING'>,
): void {
  refund.status = status;
  refund.successAtMs = status === 'SUCCESS' ? world.clock.told() : null;
  announceRefund(world, refund);
}
