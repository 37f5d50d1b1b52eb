import { DAY } from '@maque/kit';
import { checkFields } from './check-fields.ts';
import { checkNotifyUrl } from './check-notify-url.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PayHandler } from './pay-call.ts';
import { forgeClaimPerhaps } from './pay-notices.ts';
import { createPrepayId } from './pay-numbers.ts';
import { type PaymentRecord, stateOf } from './pay-records.ts';
import { refuse } from './pay-refusal.ts';
import type { PayWorld } from './pay-world.ts';
import { type PrepayBody, prepayRules } from './request-rules.ts';

// WeChat Pay closes what nobody has paid after 7 days at the latest.
const OPEN_FOR = 7 * DAY;

export const handlePrepay: PayHandler = ({ body }, world) => {
  checkFields(body, prepayRules, 'body');
  const request = body as PrepayBody;
  const { openid } = request.payer ?? {};
  if (openid === undefined || openid === null)
    throw refuse('openid missing', { field: '/body/payer/openid' });
  checkMerchant(request.mchid, world);
  if (request.appid !== world.appId) throw refuse('appid not bound');
  checkNotifyUrl(request.notify_url);
  const known = world.ledger.payment(request.out_trade_no);
  if (known !== undefined) checkRepetition(known, request, world);
  const payment = known ?? openPayment(request, openid, world);
  const prepayId = createPrepayId(world.clock.told());
  world.ledger.addPrepay(prepayId, payment);
  forgeClaimPerhaps(world, payment);
  return { prepay_id: prepayId };
};

/** @throws PayRefusal when the merchant of the body or query is not the one that signed */
export function checkMerchant(mchid: string, world: PayWorld): void {
  if (mchid !== world.mchId) throw refuse('merchant unknown');
}

function checkRepetition(known: PaymentRecord, request: PrepayBody, { clock }: PayWorld): void {
  if (known.fingerprint !== fingerprintOf(request)) throw refuse('number used');
  const state = stateOf(known, clock.now());
  if (state === 'CLOSED') throw refuse('order closed');
  if (state !== 'NOTPAY') throw refuse('order paid');
}

function openPayment(request: PrepayBody, openid: string, { clock, ledger }: PayWorld): PaymentRecord {
  const payment: PaymentRecord = {
    outTradeNo: request.out_trade_no,
    totalFen: request.amount.total,
    description: request.description,
    attach: request.attach ?? '',
    openid,
    notifyUrl: request.notify_url,
    fingerprint: fingerprintOf(request),
    createdAtMs: clock.told(),
    closesAtMs: clock.now() + payableFor(request, clock.told()),
    closed: false,
    paid: undefined,
    refusals: 0,
    refunds: [],
    notice: 'none',
  };
  ledger.addPayment(payment);
  return payment;
}

/** For how long it can be paid, in ms. @throws PayRefusal when it is too late already */
function payableFor({ time_expire }: PrepayBody, told: number): number {
  if (time_expire === undefined || time_expire === null) return OPEN_FOR;
  const left = Date.parse(time_expire) - told;
  if (!(left > 0)) throw refuse('time_expire past', { field: '/body/time_expire', value: time_expire });
  return Math.min(left, OPEN_FOR);
}
