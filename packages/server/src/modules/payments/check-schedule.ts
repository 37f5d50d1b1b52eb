import { DAY, HOUR, MINUTE, type Milliseconds } from '@maque/kit';

/** How long after it was opened a payment is asked about, as WeChat's own notes on missing notifications advise. */
const PAYMENT_CHECKS: readonly Milliseconds[] = [MINUTE, 3 * MINUTE, 10 * MINUTE, 30 * MINUTE];
/** Money goes back within seconds to a wallet, within days to a bank card. */
const LONGEST_REFUND_WAIT: Milliseconds = 6 * HOUR;
/** A refund without an end is for an operator then; its notification, and the bill, still count. */
const REFUND_PATIENCE: Milliseconds = 30 * DAY;

/** When WeChat is asked about a pending payment after `nowMs`; at its expiry at the latest, when it is closed. */
export function nextPaymentCheck(
  { createdAt, expiresAt }: { readonly createdAt: number; readonly expiresAt: number },
  nowMs: number,
): number {
  const next = PAYMENT_CHECKS.map((age) => createdAt + age).find((at) => at > nowMs);
  const at = Math.min(next ?? expiresAt, expiresAt);
  if (at > nowMs) return at;
  // It should have been closed: WeChat did not answer, or the app's own handler fails. Soon at first, then ever more rarely.
  return nowMs + Math.min(Math.max(nowMs - expiresAt, MINUTE), HOUR);
}

/**
 * When WeChat is asked about a refund after `nowMs`: at twice its age, from a minute on, at most 6 h later. Null after
 * 30 days.
 */
export function nextRefundCheck({ createdAt }: { readonly createdAt: number }, nowMs: number): number | null {
  const age = Math.max(0, nowMs - createdAt);
  if (age > REFUND_PATIENCE) return null;
  return nowMs + Math.min(Math.max(age, MINUTE), LONGEST_REFUND_WAIT);
}
