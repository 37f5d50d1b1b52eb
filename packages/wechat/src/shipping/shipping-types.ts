/** Names an order: by WeChat Pay's number, or by the merchant's two. */
export type OrderKey =
  | { readonly transactionId: string }
  | { readonly mchId: string; readonly outTradeNo: string };

/** How the goods come to the user: by an express company, within the city, over the net, or fetched. */
export type DeliveryWay = 'express' | 'same-city' | 'virtual' | 'pickup';

/** One parcel, or all that there is where nothing is sent. */
export interface Parcel {
  /** What is in it: 1 to 120 characters. The user reads it. */
  readonly description: string;
  /** Of the express company, from `deliveryCompanies()`; needed for `express`. */
  readonly companyId?: string;
  /** Needed for `express`. */
  readonly trackingNo?: string;
  /** Phone number of who sends it; it leaves this server as `139****1234`. One of the two is needed for SF. */
  readonly consignorPhone?: string;
  /** Phone number of who gets it; it leaves this server as `139****1234`. */
  readonly receiverPhone?: string;
}

/** That an order has been shipped, or a part of it. */
export interface Shipment {
  readonly order: OrderKey;
  /** Of who has paid. */
  readonly openid: string;
  readonly way: DeliveryWay;
  /** Exactly one, unless it is split. */
  readonly parcels: readonly Parcel[];
  /** In several parcels (express only, up to 15): whether these are the last. Not split unless told. */
  readonly split?: { readonly complete: boolean };
  /** Ms since the epoch, later than that of any upload before; now unless told. The same for a repetition. */
  readonly uploadedAtMs?: number;
}

export type OrderState =
  | 'to-ship'
  | 'shipped'
  | 'received'
  | 'finished'
  | 'refunded'
  | 'settling'
  | 'unknown';

/** An order in WeChat's books. Times are ms since the epoch. */
export interface ShippingOrder {
  readonly transactionId: string;
  readonly mchId: string;
  readonly outTradeNo: string;
  readonly description: string;
  readonly paidFen: number;
  readonly openid: string;
  readonly paidAtMs: number;
  readonly state: OrderState;
  readonly inComplaint: boolean;
  /** Null while nothing has been uploaded. */
  readonly shipping: OrderShipping | null;
}

export interface OrderShipping {
  readonly way: DeliveryWay | 'unknown';
  readonly split: boolean;
  /** All parcels are on their way. */
  readonly complete: boolean;
  /** How often it became complete: 2 when the one correction has been used. */
  readonly completions: number;
  readonly parcels: readonly {
    readonly trackingNo: string;
    readonly companyId: string;
    readonly description: string;
    readonly uploadedAtMs: number;
  }[];
}
