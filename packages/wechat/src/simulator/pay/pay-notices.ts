import { chinaTime } from './china-time.ts';
import { createNoticeId, type NoticeContent } from './compose-notification.ts';
import type { Notice } from './notifier.ts';
import type { Forgery } from './pay-behaviour.ts';
import type { PaymentRecord, RefundRecord } from './pay-records.ts';
import type { PayWorld } from './pay-world.ts';
import { refundNotice, transactionAnswer } from './payment-answers.ts';

/** Tells the server that somebody has paid. */
export function announcePayment(world: PayWorld, payment: PaymentRecord): void {
  world.notifier.announce(noticeOfPayment(world, payment));
}

/** Claims that somebody has paid who has not, if the share of forged notifications says so. */
export function forgeClaimPerhaps(world: PayWorld, payment: PaymentRecord): void {
  if (world.behaviour().forged > 0) world.notifier.forgePerhaps(claimOfPayment(world, payment));
}

/** Sends a forged notification of a payment, made or not. */
export function forgeClaim(world: PayWorld, payment: PaymentRecord, kind: Forgery): void {
  world.notifier.forge(claimOfPayment(world, payment), kind);
}

function claimOfPayment(world: PayWorld, payment: PaymentRecord): Notice {
  const { numbers, clock } = world;
  const paid = payment.paid ?? {
    transactionId: numbers.transactionId(clock.told()),
    atMs: clock.told(),
    agedFromMs: clock.now(),
  };
  return noticeOfPayment(world, { ...payment, paid });
}

/** Tells the server what became of a refund; nobody is told when the refund named no address. */
export function announceRefund(world: PayWorld, refund: RefundRecord): void {
  if (refund.notifyUrl === '') return;
  world.notifier.announce({
    content: contentOf(world, {
      eventType: `REFUND.${refund.status}`,
      originalType: 'refund',
      summary: '退款结果',
      resource: refundNotice(refund, world.mchId),
    }),
    number: refund.outRefundNo,
    url: refund.notifyUrl,
    onState: (state) => {
      refund.notice = state;
    },
  });
}

/** The notification of a payment, true or claimed. */
function noticeOfPayment(world: PayWorld, payment: PaymentRecord): Notice {
  return {
    content: contentOf(world, {
      eventType: 'TRANSACTION.SUCCESS',
      originalType: 'transaction',
      summary: '支付成功',
      resource: transactionAnswer(payment, world, world.clock.now()),
    }),
    number: payment.outTradeNo,
    url: payment.notifyUrl,
    onState: (state) => {
      payment.notice = state;
    },
  };
}

function contentOf(world: PayWorld, content: Omit<NoticeContent, 'id' | 'createTime'>): NoticeContent {
  return { id: createNoticeId(), createTime: chinaTime(world.clock.told()), ...content };
}
