import { SECOND } from '@maque/kit';
import type { ApiHandler } from '../api-handler.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { describeOrder } from './describe-order.ts';
import type { PaidOrder } from './paid-orders.ts';

const PAGE_SIZE = 100;

type Fields = Readonly<Record<string, unknown>>;
type Matches = (order: PaidOrder) => boolean;

/** `POST /wxa/sec/order/get_order_list`: pages, the oldest payment first. */
export const handleOrderList: ApiHandler = ({ body }, world) => {
  const { last_index: lastIndex = '', page_size: pageSize = PAGE_SIZE } = body;
  if (!isCount(pageSize) || pageSize > PAGE_SIZE) throw new Refusal(10060014);
  if (typeof lastIndex !== 'string' || !/^\w{0,64}$/.test(lastIndex)) throw new Refusal(10060011);
  const checks = [
    readTimes(body.pay_time_range),
    readState(body.order_state, world),
    readOpenid(body.openid),
  ];
  const found = world.shipping
    .list()
    .toReversed()
    .filter((order) => checks.every((matches) => matches(order)));
  const start =
    lastIndex === '' ? 0 : 1 + found.findIndex(({ transactionId }) => transactionId === lastIndex);
  if (lastIndex !== '' && start === 0) throw new Refusal(10060011);
  const page = found.slice(start, start + pageSize);
  return {
    errcode: 0,
    errmsg: 'ok',
    order_list: page.map((order) => describeOrder(order, world.shipping)),
    has_more: start + pageSize < found.length,
    last_index: page.at(-1)?.transactionId ?? '',
  };
};

function readTimes(range: unknown): Matches {
  if (range === undefined) return () => true;
  if (typeof range !== 'object' || range === null) throw new Refusal(10060014);
  const { begin_time: begin = 0, end_time: end = Number.MAX_SAFE_INTEGER } = range as Fields;
  if (typeof begin !== 'number' || typeof end !== 'number') throw new Refusal(10060014);
  return ({ paidAtMs }) => paidAtMs >= begin * SECOND && paidAtMs <= end * SECOND;
}

function readState(state: unknown, { shipping }: World): Matches {
  if (state === undefined) return () => true;
  if (!isCount(state) || state > 6) throw new Refusal(10060014);
  return (order) => shipping.stateOf(order) === state;
}

function readOpenid(openid: unknown): Matches {
  if (openid === undefined || openid === '') return () => true;
  if (typeof openid !== 'string') throw new Refusal(10060014);
  return (order) => order.openid === openid;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
