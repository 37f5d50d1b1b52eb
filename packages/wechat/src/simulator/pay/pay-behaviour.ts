import { DAY, type Milliseconds, SECOND } from '@maque/kit';
import { invalid } from '../control-errors.ts';

/** What a notification that is not to be believed has wrong. */
export const FORGERIES = [
  /** Signed with a key that is not WeChat's. */
  'wrong-key',
  /** One byte of the body changed after signing. */
  'changed-body',
  /** Signed well, six minutes ago. */
  'old-timestamp',
  /** WeChat's own probe: a signature that begins with `WECHATPAY/SIGNTEST/`. */
  'sign-test',
  /** Signed well, under a serial that nobody knows. */
  'wrong-serial',
  /** Signed with WeChat's key, but with SHA-1. */
  'downgraded-algorithm',
  /** Signed well, with an amount that was not paid: only whoever compares it with the order notices. */
  'wrong-amount',
] as const;

export type Forgery = (typeof FORGERIES)[number];

/** How the simulated WeChat Pay behaves. Shares are from 0 to 1. */
export interface PayBehaviour {
  /** The times between tries of a notification (15 s at first, 6 h at last) are multiplied with it. */
  readonly ladderScale: number;
  /** How long a server may take to acknowledge. */
  readonly answerTimeoutMs: Milliseconds;
  /** After which time a refund succeeds; null when only `finishRefund` ends it. */
  readonly refundAfterMs: Milliseconds | null;
  /** The share of messages that are signed with the platform certificate and not with the public key. */
  readonly certificateShare: number;
  /** The share of tries that get lost on the way; they are repeated as WeChat does. */
  readonly lost: number;
  /** The share of notifications of which not one try arrives. */
  readonly missing: number;
  /** The share of acknowledged notifications that come once more. */
  readonly repeated: number;
  /** The share of notifications that wait before their first try, and so come out of order. */
  readonly delayed: number;
  /** How long these wait at most. */
  readonly delayMs: Milliseconds;
  /** The share of prepays and of notifications that are joined by a forged one. */
  readonly forged: number;
  /** Which forgeries there are. A wrong amount under a right signature only when told. */
  readonly forgeries: readonly Forgery[];
}

export const DEFAULT_BEHAVIOUR: PayBehaviour = {
  ladderScale: 1,
  // WeChat's own limit.
  answerTimeoutMs: 5 * SECOND,
  // At WeChat minutes to days; long enough here to see that it is not done yet.
  refundAfterMs: 3 * SECOND,
  // New merchants have nothing but the public key.
  certificateShare: 0,
  lost: 0,
  missing: 0,
  repeated: 0,
  delayed: 0,
  delayMs: 2 * SECOND,
  forged: 0,
  forgeries: FORGERIES.filter((kind) => kind !== 'wrong-amount'),
};

type FieldCheck = (value: unknown) => boolean;

const between = (low: number, high: number): FieldCheck => {
  return (value) => typeof value === 'number' && value >= low && value <= high;
};
const share = between(0, 1);

const CHECKS: Readonly<Record<keyof PayBehaviour, FieldCheck>> = {
  // Ten times slower than WeChat is slow enough.
  ladderScale: between(0, 10),
  answerTimeoutMs: between(1, 60 * SECOND),
  refundAfterMs: (value) => value === null || between(0, 30 * DAY)(value),
  certificateShare: share,
  lost: share,
  missing: share,
  repeated: share,
  delayed: share,
  delayMs: between(0, DAY),
  forged: share,
  forgeries: (value) =>
    Array.isArray(value) &&
    value.length <= FORGERIES.length &&
    value.every((kind) => FORGERIES.includes(kind)),
};

/** The behaviour with some of it changed. @throws CodedError `SIM_REQUEST_INVALID` with what is wrong */
export function changeBehaviour(now: PayBehaviour, changes: Partial<PayBehaviour>): PayBehaviour {
  for (const [name, value] of Object.entries(changes)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof PayBehaviour] : undefined;
    if (check === undefined) throw invalid(`WeChat Pay has no behaviour named ${name}`);
    if (!check(value)) throw invalid(`${name} is not right`);
  }
  return { ...now, ...changes };
}
