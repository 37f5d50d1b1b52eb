import { Refusal } from '../refusal.ts';
import type { OrderKey } from './shipping-desk.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The key of an upload: `order_key`. @throws Refusal */
export function readOrderKey(body: Fields): OrderKey {
  const key = body.order_key;
  if (typeof key !== 'object' || key === null) throw new Refusal(10060014);
  const {
    order_number_type: type,
    transaction_id: transactionId,
    mchid,
    out_trade_no: outTradeNo,
  } = key as Fields;
  if (type !== 1 && type !== 2) throw new Refusal(268485194);
  if (type === 2) return { transactionId: textOr(transactionId, 268485195) };
  return { mchId: textOr(mchid, 268485196), outTradeNo: textOr(outTradeNo, 268485197) };
}

/** The key of a query: `transaction_id`, or `merchant_id` and `merchant_trade_no`. @throws Refusal */
export function readQueryKey(body: Fields): OrderKey {
  const { transaction_id: transactionId, merchant_id: mchId, merchant_trade_no: outTradeNo } = body;
  if (transactionId !== undefined && transactionId !== '')
    return { transactionId: textOr(transactionId, 268485195) };
  return { mchId: textOr(mchId, 268485196), outTradeNo: textOr(outTradeNo, 268485197) };
}

function textOr(value: unknown, errcode: number): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Refusal(errcode);
}
