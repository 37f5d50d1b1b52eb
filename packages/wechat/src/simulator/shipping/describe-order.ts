import { SECOND } from '@maque/kit';
import type { PaidOrder } from './paid-orders.ts';
import type { Shipment, ShippingDesk } from './shipping-desk.ts';

/** An order by WeChat's names; times are seconds since the epoch. */
export function describeOrder(order: PaidOrder, desk: ShippingDesk) {
  return {
    transaction_id: order.transactionId,
    merchant_id: order.mchId,
    sub_merchant_id: '',
    merchant_trade_no: order.outTradeNo,
    description: order.description,
    paid_amount: order.amountFen,
    openid: order.openid,
    trade_create_time: secondsOf(order.createdAtMs),
    pay_time: secondsOf(order.paidAtMs),
    order_state: desk.stateOf(order),
    in_complaint: false,
    shipping: describeShipping(desk.shipmentOf(order)),
  };
}

function describeShipping(shipment: Shipment | undefined) {
  if (shipment === undefined) return {};
  const { upload, corrected } = shipment;
  return {
    delivery_mode: upload.deliveryMode,
    logistics_type: upload.logisticsType,
    finish_shipping: upload.allDelivered,
    goods_desc: upload.parcels[0]?.description ?? '',
    finish_shipping_count: upload.allDelivered ? (corrected ? 2 : 1) : 0,
    shipping_list: upload.parcels.map((parcel) => ({
      tracking_no: parcel.trackingNo,
      express_company: parcel.company,
      goods_desc: parcel.description,
      upload_time: secondsOf(upload.uploadedAtMs),
      contact: { consignor_contact: parcel.consignorContact, receiver_contact: parcel.receiverContact },
    })),
  };
}

function secondsOf(epochMs: number): number {
  return Math.floor(epochMs / SECOND);
}
