import { Refusal } from '../refusal.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Parcel {
  readonly trackingNo: string;
  readonly company: string;
  readonly description: string;
  readonly consignorContact: string;
  readonly receiverContact: string;
}

/** What a merchant tells of how an order is sent. */
export interface Upload {
  /** 1 express, 2 within the city, 3 nothing to send, 4 picked up. */
  readonly logisticsType: 1 | 2 | 3 | 4;
  /** 1 all at once, 2 in several parcels. */
  readonly deliveryMode: 1 | 2;
  readonly allDelivered: boolean;
  readonly parcels: readonly Parcel[];
  /** Ms since the epoch. */
  readonly uploadedAtMs: number;
}

const EXPRESS = 1;
const SPLIT = 2;
const MOST_PARCELS = 15;
const MOST_CHARACTERS = { description: 120, company: 128, trackingNo: 128 };

/** @throws Refusal with the number of the first thing that is wrong. */
export function readUpload(body: Fields): Upload {
  const { logistics_type: logisticsType, delivery_mode: mode, is_all_delivered: allDelivered } = body;
  const { shipping_list: list, upload_time: uploadTime } = body;
  if (!isOneOf([1, 2, 3, 4] as const, logisticsType)) throw new Refusal(10060005);
  if (!isOneOf([1, 2] as const, mode)) throw new Refusal(268485224);
  if (mode === SPLIT && logisticsType !== EXPRESS) throw new Refusal(10060006);
  if (mode === SPLIT && typeof allDelivered !== 'boolean') throw new Refusal(10060007);
  if (!Array.isArray(list)) throw new Refusal(10060014);
  if (list.length > MOST_PARCELS) throw new Refusal(10060024);
  if (mode !== SPLIT && list.length !== 1) throw new Refusal(268485228);
  return {
    logisticsType,
    deliveryMode: mode,
    allDelivered: mode === SPLIT ? allDelivered === true : true,
    parcels: list.map((entry: unknown) => readParcel(entry, logisticsType === EXPRESS)),
    uploadedAtMs: readTime(uploadTime),
  };
}

function readParcel(entry: unknown, express: boolean): Parcel {
  if (typeof entry !== 'object' || entry === null) throw new Refusal(10060014);
  const fields = entry as Fields;
  const contact = (fields.contact ?? {}) as Fields;
  const parcel = {
    trackingNo: textOf(fields.tracking_no),
    company: textOf(fields.express_company),
    description: textOf(fields.item_desc),
    consignorContact: textOf(contact.consignor_contact),
    receiverContact: textOf(contact.receiver_contact),
  };
  if (parcel.description === '') throw new Refusal(10060008);
  if ([...parcel.description].length > MOST_CHARACTERS.description) throw new Refusal(10060009);
  if (!express) return parcel;
  if (parcel.trackingNo === '') throw new Refusal(268485226);
  if (parcel.company === '') throw new Refusal(268485227);
  if (parcel.company.length > MOST_CHARACTERS.company) throw new Refusal(10060025);
  if (parcel.trackingNo.length > MOST_CHARACTERS.trackingNo) throw new Refusal(10060026);
  // SF asks for the last four digits of a phone number, the rest masked.
  const contacts = [parcel.consignorContact, parcel.receiverContact].filter((text) => text !== '');
  if (parcel.company === 'SF' && contacts.length === 0) throw new Refusal(10060014);
  if (!contacts.every((text) => /^[+\d*-]{4,20}$/.test(text) && /\*.*\d{4}$/.test(text)))
    throw new Refusal(10060014);
  return parcel;
}

/** @throws Refusal 268485216 for what is not RFC 3339. */
function readTime(text: unknown): number {
  const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
  const atMs = typeof text === 'string' && pattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) throw new Refusal(268485216);
  return atMs;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new Refusal(10060014);
  return value;
}

function isOneOf<Value>(values: readonly Value[], value: unknown): value is Value {
  return values.includes(value as Value);
}
