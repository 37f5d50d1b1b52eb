import { invalid } from './control-errors.ts';
import { changeEvent, type PopupAnswer, popupEvent } from './messages/message-events.ts';
import type { SimulatorPush } from './pusher/pusher.ts';
import { Refusal } from './refusal.ts';
import type { PaidOrder } from './shipping/paid-orders.ts';
import { remindShippingEvent, settledEvent } from './shipping/shipping-events.ts';
import type { SimulatorUser } from './users.ts';
import type { World } from './world.ts';

// WeChat asks for five templates at once, at most.
const MOST_TEMPLATES = 5;
const MOST_CHARACTERS = 2_000;

/**
 * What people do in WeChat, and what WeChat does without being called. Each is told to the server that pushes go to; the
 * promises resolve with what became of that (null without a target), and take effect at once.
 */
export interface UserActs {
  /** The user opens the mini-program: for two hours their texts can be checked. @throws CodedError for a bad name */
  open(user: string): SimulatorUser;
  /** The user agrees to one message of each template. @throws CodedError for a bad name or an unknown template */
  accept(user: string, ...templateIds: string[]): Promise<SimulatorPush | null>;
  /** The user answers no, and has no right left. @throws CodedError */
  reject(user: string, ...templateIds: string[]): Promise<SimulatorPush | null>;
  /** The user switches messages of these templates off in the chat's menu. @throws CodedError */
  switchOff(user: string, ...templateIds: string[]): Promise<SimulatorPush | null>;
  /** The user writes to customer service: they may be answered for 48 hours. @throws CodedError */
  write(user: string, text: string): Promise<SimulatorPush | null>;
  /** The user confirms that an order has arrived. @throws CodedError unless it is shipped */
  confirmReceipt(outTradeNo: string): Promise<SimulatorPush | null>;
  /** WeChat reminds the shop of an order that was not shipped in 48 hours. @throws CodedError */
  remindShipping(outTradeNo: string): Promise<SimulatorPush | null>;
}

export function createUserActs(world: World): UserActs {
  const { users, templates, subscriptions, pusher, shipping, clock } = world;
  const userOf = (name: string) => users.open(assertName(name));
  const known = (ids: readonly string[]) => {
    if (ids.length < 1 || ids.length > MOST_TEMPLATES)
      throw invalid(`1 to ${MOST_TEMPLATES} templates at once`);
    const unknown = ids.find((id) => templates.find(id) === undefined);
    if (unknown !== undefined) throw invalid(`there is no template ${unknown}`);
  };
  const answer = (name: string, ids: readonly string[], given: PopupAnswer) => {
    known(ids);
    const { openid } = userOf(name);
    for (const id of ids) {
      if (given === 'accept') subscriptions.accept(openid, id);
      else subscriptions.refuse(openid, id);
    }
    return pusher.push(popupEvent(ids, given), { openid });
  };
  const orderOf = (outTradeNo: string): PaidOrder => {
    const order = shipping.ofNumber(outTradeNo);
    if (order === undefined) throw invalid(`nobody has paid ${outTradeNo}`);
    return order;
  };
  return {
    open: userOf,
    accept: async (user, ...ids) => answer(user, ids, 'accept'),
    reject: async (user, ...ids) => answer(user, ids, 'reject'),
    async switchOff(user, ...ids) {
      known(ids);
      const { openid } = userOf(user);
      for (const id of ids) subscriptions.refuse(openid, id);
      return pusher.push(changeEvent(ids), { openid });
    },
    async write(user, text) {
      if (typeof text !== 'string' || text === '' || text.length > MOST_CHARACTERS) {
        throw invalid(`a text has 1 to ${MOST_CHARACTERS} characters`);
      }
      const { openid, name } = userOf(user);
      const at = new Date(clock.told()).toISOString();
      world.conversations.userWrote(openid, { at, user: name, from: 'user', kind: 'text', text });
      return pusher.push({ MsgType: 'text', Content: text }, { openid });
    },
    async confirmReceipt(outTradeNo) {
      const order = orderOf(outTradeNo);
      try {
        shipping.confirm(order);
      } catch (error) {
        if (error instanceof Refusal) throw invalid(`${outTradeNo} is not on its way`);
        throw error;
      }
      return pusher.push(settledEvent(order, clock.told()), { openid: order.openid });
    },
    async remindShipping(outTradeNo) {
      const order = orderOf(outTradeNo);
      return pusher.push(remindShippingEvent(order), { openid: order.openid });
    },
  };
}

/** @throws CodedError `SIM_REQUEST_INVALID` for what is no user's name. */
export function assertName(name: unknown): string {
  if (typeof name === 'string' && /^[\w-]{1,64}$/.test(name)) return name;
  throw invalid('a user is named with 1 to 64 letters, digits, - or _');
}
