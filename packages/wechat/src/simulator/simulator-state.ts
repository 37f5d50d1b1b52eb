import type { Api, SimulatorCall } from './api.ts';
import type { SimulatorChatLine } from './customer-service/conversations.ts';
import type { WaitingFault } from './fault-types.ts';
import type { Faults } from './faults.ts';
import type { SimulatorMessage } from './messages/sent-messages.ts';
import type { SimulatorTemplate } from './messages/templates.ts';
import type { MovableClock } from './movable-clock.ts';
import type { Delivery } from './pay/notifier.ts';
import type { PayCallRecord } from './pay/pay-api.ts';
import type { SimulatedPayment, SimulatedRefund } from './pay/pay-records.ts';
import type { SimulatedPay } from './pay/simulated-pay.ts';
import type { SimulatorPush } from './pusher/pusher.ts';
import type { OrderState } from './shipping/shipping-desk.ts';
import type { SimulatorUser } from './users.ts';
import type { World } from './world.ts';

// What somebody looks at; each list has the newest first.
const MOST_SHOWN = 50;

/** What the simulator shows of itself; no secret in it. All lists have the newest first, and 50 entries at most. */
export interface SimulatorState {
  readonly appId: string;
  /** ISO 8601, UTC: what others are told the time is. */
  readonly now: string;
  readonly clock: {
    /** How far what grows old is ahead of it. */
    readonly aheadMs: number;
    /** How wrong it is on purpose. */
    readonly skewMs: number;
  };
  readonly users: readonly SimulatorUser[];
  readonly tokens: readonly MaskedToken[];
  readonly templates: readonly SimulatorTemplate[];
  readonly subscriptions: readonly {
    readonly user: string;
    readonly templateId: string;
    readonly left: number;
  }[];
  readonly messages: readonly SimulatorMessage[];
  readonly chat: readonly SimulatorChatLine[];
  readonly payments: readonly ShownPayment[];
  readonly refunds: readonly SimulatedRefund[];
  readonly notifications: readonly Delivery[];
  /** Where pushes go; null when nowhere. */
  readonly pushTarget: { readonly url: string; readonly mode: string; readonly format: string } | null;
  readonly pushes: readonly SimulatorPush[];
  readonly faults: readonly WaitingFault[];
  readonly calls: readonly SimulatorCall[];
  readonly payCalls: readonly PayCallRecord[];
}

/** An access token that works, with its middle left out. */
interface MaskedToken {
  readonly endpoint: 'stable' | 'legacy';
  readonly token: string;
  readonly leftSeconds: number;
}

/** A payment, with what was told of its shipping. */
interface ShownPayment extends SimulatedPayment {
  /** The name of who is to pay. */
  readonly user: string;
  /** WeChat's number of how far it is with the shipping; null while nobody has paid. */
  readonly orderState: OrderState | null;
}

interface Shown {
  readonly world: World;
  readonly clock: MovableClock;
  readonly faults: Faults;
  readonly api: Api;
  readonly pay: SimulatedPay;
}

export function describeState({ world, clock, faults, api, pay }: Shown): SimulatorState {
  const { stableTokens, legacyTokens, pusher } = world;
  const { target } = pusher;
  return {
    appId: world.appId,
    now: new Date(clock.told()).toISOString(),
    clock: { aheadMs: clock.aheadMs, skewMs: clock.skewMs },
    users: world.users.list().slice(0, MOST_SHOWN),
    tokens: [
      ...stableTokens.shelf.masked().map((token) => ({ endpoint: 'stable' as const, ...token })),
      ...legacyTokens.shelf.masked().map((token) => ({ endpoint: 'legacy' as const, ...token })),
    ],
    templates: world.templates.list(),
    subscriptions: world.subscriptions
      .list()
      .slice(0, MOST_SHOWN)
      .map(({ openid, ...right }) => ({ user: nameOf(world, openid), ...right })),
    messages: newest(world.messages.list()),
    chat: newest(world.conversations.lines()),
    payments: newest(pay.payments).map((payment) => describePayment(payment, world)),
    refunds: newest(pay.refunds),
    notifications: pay.deliveries.slice(0, MOST_SHOWN),
    pushTarget: target === undefined ? null : { url: target.url, mode: target.mode, format: target.format },
    pushes: newest(pusher.list()),
    faults: faults.list(),
    calls: newest(api.calls()),
    payCalls: newest(pay.calls),
  };
}

function describePayment(payment: SimulatedPayment, world: World): ShownPayment {
  const { outTradeNo, openid, transactionId } = payment;
  const order = transactionId === null ? undefined : world.shipping.ofNumber(outTradeNo);
  const orderState = order === undefined ? null : world.shipping.stateOf(order);
  return { ...payment, user: nameOf(world, openid), orderState };
}

function nameOf({ users }: World, openid: string): string {
  return users.find(openid)?.name ?? openid;
}

function newest<Entry>(oldestFirst: readonly Entry[]): Entry[] {
  return oldestFirst.slice(-MOST_SHOWN).reverse();
}
