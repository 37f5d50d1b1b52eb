import type { ErrorFault, Text } from '@maque/kit';
import type { OrderKey, Parcel, Shipment } from './shipping-types.ts';

const MAX_DESCRIPTION = 120;
const MAX_SPLIT = 15;

// The limit of both on WeChat's page, in bytes.
const MAX_ID = 128;

/** What WeChat would refuse of a shipment; empty when all is right. */
export function checkShipment(shipment: Shipment): ErrorFault[] {
  const { order, openid, way, parcels, split } = shipment;
  const faults = checkOrderKey(order);
  if (openid === '') faults.push({ path: 'openid', issue: MISSING });
  if (split !== undefined && way !== 'express') faults.push({ path: 'split', issue: ONLY_EXPRESS });
  if (split === undefined && parcels.length !== 1) faults.push({ path: 'parcels', issue: EXACTLY_ONE });
  if (split !== undefined && (parcels.length === 0 || parcels.length > MAX_SPLIT)) {
    faults.push({ path: 'parcels', issue: TOO_MANY });
  }
  const checked = parcels.slice(0, MAX_SPLIT);
  return [...faults, ...checked.flatMap((parcel, index) => checkParcel(parcel, way, `parcels.${index}`))];
}

export function checkOrderKey(order: OrderKey): ErrorFault[] {
  return Object.entries(order)
    .filter(([, value]) => value === '')
    .map(([name]) => ({ path: `order.${name}`, issue: MISSING }));
}

function checkParcel(parcel: Parcel, way: Shipment['way'], path: string): ErrorFault[] {
  const { description, companyId = '', trackingNo = '', consignorPhone, receiverPhone } = parcel;
  const faults: ErrorFault[] = [];
  const require = (name: string, fine: boolean, issue: Text) => {
    if (!fine) faults.push({ path: `${path}.${name}`, issue });
  };
  const characters = [...description].length;
  require('description', characters > 0 && characters <= MAX_DESCRIPTION, DESCRIPTION);
  require('companyId', Buffer.byteLength(companyId) <= MAX_ID, TOO_LONG);
  require('trackingNo', Buffer.byteLength(trackingNo) <= MAX_ID, TOO_LONG);
  if (way !== 'express') return faults;
  require('companyId', companyId !== '', MISSING);
  require('trackingNo', trackingNo !== '', MISSING);
  require('consignorPhone', companyId !== 'SF' || (consignorPhone ?? receiverPhone) !== undefined, SF_PHONE);
  return faults;
}

const MISSING: Text = { en: 'is missing', zh: '缺失' };
const TOO_LONG: Text = { en: `has more than ${MAX_ID} bytes`, zh: `超过 ${MAX_ID} 字节` };
const DESCRIPTION: Text = {
  en: `must have 1 to ${MAX_DESCRIPTION} characters`,
  zh: `须为 1 到 ${MAX_DESCRIPTION} 个字符`,
};
const ONLY_EXPRESS: Text = { en: 'is only for express', zh: '仅快递可分拆发货' };
const EXACTLY_ONE: Text = {
  en: 'must be exactly one unless the order is split',
  zh: '统一发货时必须恰好一个包裹',
};
const TOO_MANY: Text = { en: `must be 1 to ${MAX_SPLIT}`, zh: `须为 1 到 ${MAX_SPLIT} 个` };
const SF_PHONE: Text = {
  en: 'or receiverPhone is needed for SF Express',
  zh: '顺丰必须填写寄件人或收件人电话',
};
