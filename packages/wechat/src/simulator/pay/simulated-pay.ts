import { DAY, type Milliseconds } from '@maque/kit';
import type { PaymentParameters } from '../../pay/pay-types.ts';
import type { Agenda } from '../agenda.ts';
import { invalid } from '../control-errors.ts';
import type { Faults } from '../faults.ts';
import type { SimulatorClock } from '../movable-clock.ts';
import type { MerchantKeys } from './merchant-keys.ts';
import { type Delivery, type DeliveryCounts, Notifier } from './notifier.ts';
import { notifyAgain } from './notify-again.ts';
import { PayApi, type PayCallRecord } from './pay-api.ts';
import {
  changeBehaviour,
  DEFAULT_BEHAVIOUR,
  FORGERIES,
  type Forgery,
  type PayBehaviour,
} from './pay-behaviour.ts';
import { type MerchantCredentials, PayKeyring } from './pay-keyring.ts';
import { PayLedger } from './pay-ledger.ts';
import { forgeClaim } from './pay-notices.ts';
import { PayNumbers } from './pay-numbers.ts';
import {
  describePayment,
  describeRefund,
  type SimulatedPayment,
  type SimulatedRefund,
} from './pay-records.ts';
import type { PayWorld } from './pay-world.ts';
import { expirePayment, mustBeKnown, pay, payWith, refusePayment } from './payer.ts';
import { endRefund, type RefundEnd } from './refund-course.ts';

// In the shape of WeChat's merchant numbers.
const DEFAULT_MCH_ID = '1900000001';

// Twice the payments of a large test. Each weighs 1 KB with all that belongs to it (measured), so 20 MB when full.
const DEFAULT_MAX_RECORDS = 20_000;

export interface MerchantOptions {
  /** 1900000001 unless told, or that of the keys. */
  readonly mchId?: string;
  /** Those of an earlier run, from `pay.keys()`: servers then notice nothing of a restart. */
  readonly keys?: MerchantKeys;
  /** How many payments and refunds are remembered together: 20,000 unless told. Of those, the oldest finished go first. */
  readonly maxRecords?: number;
  readonly behaviour?: Partial<PayBehaviour>;
}

/**
 * WeChat Pay for one merchant, from the side of WeChat and of those who pay. Every method throws `CodedError`. It shares
 * types with the client of WeChat Pay and no code: a fault of one would hide in the other.
 */
export interface SimulatedPay {
  /** What a server needs to be this merchant. */
  credentials(): MerchantCredentials;
  /** All keys, to give to the next simulator. */
  keys(): MerchantKeys;
  /** Pays as the WeChat app does with what `wx.requestPayment` was called with, after checking it as the app would. */
  payWith(parameters: PaymentParameters): SimulatedPayment;
  /** Pays without asking for a signature. @param number an `out_trade_no` or a prepay id */
  pay(number: string): SimulatedPayment;
  /** The user closes the payment window. */
  refuse(outTradeNo: string): SimulatedPayment;
  /** The time in which it can be paid is over. */
  expire(outTradeNo: string): SimulatedPayment;
  /** Ends a refund that is on its way, or one that was abnormal. */
  finishRefund(outRefundNo: string, status: RefundEnd): SimulatedRefund;
  /** Sends the notification of a payment (`out_trade_no`) or of a refund (`out_refund_no`) anew. */
  notifyAgain(number: string): void;
  /** Sends a forged notification of a payment, whether it was made or not. */
  forge(outTradeNo: string, forgery: Forgery): void;
  /**
   * Puts a new platform certificate beside the old one in the list. It signs at once, or after `overlapMs`: WeChat
   * announces one a day before it uses it.
   */
  rotateCertificate(overlapMs?: Milliseconds): void;
  /** Changes how WeChat Pay behaves from now on. */
  behave(changes: Partial<PayBehaviour>): PayBehaviour;
  readonly behaviour: PayBehaviour;
  payment(outTradeNo: string): SimulatedPayment | undefined;
  refund(outRefundNo: string): SimulatedRefund | undefined;
  /** The oldest first. */
  readonly payments: readonly SimulatedPayment[];
  /** The oldest first. */
  readonly refunds: readonly SimulatedRefund[];
  /** The last 200 calls of WeChat Pay, oldest first. */
  readonly calls: readonly PayCallRecord[];
  /** The last 200 tries to tell the server something, the newest first. */
  readonly deliveries: readonly Delivery[];
  readonly counts: DeliveryCounts;
  /** Settles once every notification was acknowledged or given up, by the simulator's clock. */
  quiet(): Promise<void>;
}

interface SimulatedPayOptions extends MerchantOptions {
  readonly appId: string;
  readonly clock: SimulatorClock;
  readonly random: () => number;
  readonly agenda: Agenda;
  readonly faults: Faults;
}

/** @throws CodedError or RangeError when an option is not valid */
export function createSimulatedPay(options: SimulatedPayOptions) {
  const { appId, clock, random, agenda, faults, maxRecords = DEFAULT_MAX_RECORDS } = options;
  let behaviour = changeBehaviour(DEFAULT_BEHAVIOUR, options.behaviour ?? {});
  const behaviourNow = () => behaviour;
  const keyring = new PayKeyring(options.keys ?? options.mchId ?? DEFAULT_MCH_ID, () => clock.told());
  const world: PayWorld = {
    ...{ appId, mchId: keyring.mchId, clock, keyring, agenda, behaviour: behaviourNow },
    ledger: new PayLedger(clock, maxRecords),
    numbers: new PayNumbers(),
    // A notification for each record, and a forged one beside it.
    notifier: new Notifier({
      ...{ clock, random, keyring, agenda, behaviour: behaviourNow },
      maxOpen: 2 * maxRecords,
    }),
  };
  const api = new PayApi({ world, faults, random });
  return {
    pay: createPayControls(world, api, (changes) => {
      behaviour = changeBehaviour(behaviour, changes);
      return behaviour;
    }),
    api,
    mchId: keyring.mchId,
    /** Breaks off what is under way; what is still to come, the agenda forgets. */
    breakOff: () => world.notifier.breakOff(),
  };
}

function createPayControls(world: PayWorld, api: PayApi, behave: SimulatedPay['behave']): SimulatedPay {
  const { ledger, keyring, notifier, clock } = world;
  const describe = (payment: Parameters<typeof describePayment>[0]) => describePayment(payment, clock.now());
  return {
    credentials: () => keyring.credentials,
    keys: () => keyring.keys,
    payWith: (parameters) => describe(payWith(world, parameters)),
    pay: (number) => describe(pay(world, number)),
    refuse: (outTradeNo) => describe(refusePayment(world, outTradeNo)),
    expire: (outTradeNo) => describe(expirePayment(world, outTradeNo)),
    finishRefund: (outRefundNo, status) => describeRefund(endRefund(world, outRefundNo, status)),
    notifyAgain: (number) => notifyAgain(world, number),
    forge(outTradeNo, forgery) {
      if (!FORGERIES.includes(forgery)) throw invalid(`forgery must be one of ${FORGERIES.join(', ')}`);
      forgeClaim(world, mustBeKnown(world, outTradeNo), forgery);
    },
    rotateCertificate(overlapMs = 0) {
      if (!(overlapMs >= 0 && overlapMs <= 30 * DAY)) throw invalid('overlapMs must be from 0 to 30 days');
      keyring.addCertificate(clock.told());
      if (overlapMs === 0) keyring.signWithNewest();
      else world.agenda.in(overlapMs, () => keyring.signWithNewest());
    },
    behave,
    get behaviour() {
      return world.behaviour();
    },
    payment(outTradeNo) {
      const payment = ledger.payment(outTradeNo);
      return payment && describe(payment);
    },
    refund(outRefundNo) {
      const refund = ledger.refund(outRefundNo);
      return refund && describeRefund(refund);
    },
    get payments() {
      return [...ledger.payments()].map(describe);
    },
    get refunds() {
      return [...ledger.refunds()].map(describeRefund);
    },
    get calls() {
      return api.calls();
    },
    get deliveries() {
      return notifier.deliveries();
    },
    get counts() {
      return notifier.counts();
    },
    quiet: () => notifier.quiet(),
  };
}
