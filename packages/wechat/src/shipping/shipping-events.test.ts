import { describe, expect, it } from 'vitest';
import type { PushMessage } from '../push/push-message.ts';
import { readShippingEvent } from './shipping-events.ts';

const fields = {
  transaction_id: '4200000001',
  merchant_id: '1900000001',
  sub_merchant_id: '',
  merchant_trade_no: 'order_0001',
  pay_time: 1_670_563_531,
};
const order = {
  transactionId: '4200000001',
  mchId: '1900000001',
  outTradeNo: 'order_0001',
  paidAtMs: 1_670_563_531_000,
};

function read(event: string, more: PushMessage['fields'] = fields) {
  return readShippingEvent({
    ...{ toUser: 'gh_1', fromUser: 'oUser', createdAtMs: 0, msgType: 'event', event, key: 'k' },
    fields: more,
  });
}

describe('a pushed event of shipping', () => {
  it('tells of orders that wait too long', () => {
    expect(read('trade_manage_remind_shipping', { ...fields, msg: 'ship it' })).toEqual({
      kind: 'overdue',
      order,
      text: 'ship it',
    });
  });

  it('tells when the money will come, and when it has', () => {
    const shipped_time = '1670563600';
    const shipped = { ...fields, shipped_time, estimated_settlement_time: 1_671_427_600 };
    expect(read('trade_manage_order_settlement', shipped)).toEqual({
      kind: 'shipped',
      order,
      shippedAtMs: 1_670_563_600_000,
      estimatedSettlementAtMs: 1_671_427_600_000,
    });
    const settled = {
      ...fields,
      shipped_time,
      confirm_receive_method: '1',
      confirm_receive_time: 1_670_600_000,
    };
    expect(read('trade_manage_order_settlement', { ...settled, settlement_time: '1670600001' })).toEqual({
      kind: 'settled',
      order,
      receivedAtMs: 1_670_600_000_000,
      settledAtMs: 1_670_600_001_000,
      confirmMethod: 1,
    });
  });

  it('tells what WeChat wants of the shop, and nothing when it is of another kind', () => {
    expect(read('trade_manage_remind_access_api', { msg: 'x' })).toEqual({
      kind: 'upload-wanted',
      text: 'x',
    });
    expect(read('wxa_trade_controlled', {})).toEqual({ kind: 'controlled', text: '' });
    expect(read('wxa_media_check')).toBeNull();
  });

  it('leaves out what is not told', () => {
    expect(read('trade_manage_order_settlement', { pay_time: 0, settlement_time: '' })).toEqual({
      kind: 'shipped',
      order: { transactionId: '', mchId: '', outTradeNo: '', paidAtMs: null },
      shippedAtMs: null,
      estimatedSettlementAtMs: null,
    });
  });
});
