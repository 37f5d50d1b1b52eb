import { DAY, MINUTE, type Milliseconds, SECOND } from '@maque/kit';
import { BoundedMap } from '../bounded-map.ts';
import type { SimulatorClock } from '../movable-clock.ts';
import { Refusal } from '../refusal.ts';
import type { PaidOrder, PaidOrders } from './paid-orders.ts';
import type { Upload } from './parcels.ts';

// As many as the simulated WeChat Pay is asked about at once; 1,000 with a parcel each weigh 0.8 MiB, with 15 some 8.
const MAX_SHIPMENTS = 1_000;

const EXPRESS = 1;
const UNIFIED = 1;
const SPLIT = 2;

// When a user does nothing, receipt counts as confirmed this long after the upload.
const EXPRESS_RECEIPT: Milliseconds = 10 * DAY;
const OTHER_RECEIPT: Milliseconds = 2 * DAY;

// What was received is settled; so long it can be seen as received only.
const SETTLEMENT: Milliseconds = 1 * MINUTE;

/** WeChat's numbers: 1 to ship, 2 shipped, 3 received, 4 finished, 5 refunded. (6, waiting for settlement, is for risky shops.) */
export type OrderState = 1 | 2 | 3 | 4 | 5;

export interface Shipment {
  readonly upload: Upload;
  /** By the clock's monotonic time. */
  readonly shippedAtMs: Milliseconds;
  readonly corrected: boolean;
  /** By the clock's monotonic time; null until the user confirms, or enough time has passed. */
  readonly receivedAtMs: Milliseconds | null;
  readonly reminded: boolean;
}

export type SpecialOrder = 'presale' | 'test';

/** How a caller names an order. */
export type OrderKey =
  | { readonly transactionId: string }
  | { readonly mchId: string; readonly outTradeNo: string };

/** Orders of the simulated WeChat Pay and what was told of their shipping. */
export class ShippingDesk {
  readonly #shipments = new BoundedMap<Shipment>(MAX_SHIPMENTS);
  readonly #special = new BoundedMap<SpecialOrder>(MAX_SHIPMENTS);
  readonly #clock: SimulatorClock;
  readonly #orders: PaidOrders;
  /** Where WeChat's own messages about orders lead; empty when to WeChat's page. */
  jumpPath = '';

  constructor(clock: SimulatorClock, orders: PaidOrders) {
    this.#clock = clock;
    this.#orders = orders;
  }

  /** The newest first. */
  list(): readonly PaidOrder[] {
    return this.#orders.list();
  }

  /** The order of the simulated merchant's own number; undefined when nobody has paid it. */
  ofNumber(outTradeNo: string): PaidOrder | undefined {
    return this.#orders.find(this.#orders.mchId, outTradeNo);
  }

  /** @throws Refusal 10060001 */
  find(key: OrderKey): PaidOrder {
    const found =
      'transactionId' in key
        ? this.list().find(({ transactionId }) => transactionId === key.transactionId)
        : this.#orders.find(key.mchId, key.outTradeNo);
    if (found === undefined) throw new Refusal(10060001);
    return found;
  }

  shipmentOf({ transactionId }: PaidOrder): Shipment | undefined {
    const shipment = this.#shipments.get(transactionId);
    if (shipment === undefined || shipment.receivedAtMs !== null) return shipment;
    const dueMs = shipment.shippedAtMs + receiptAfter(shipment.upload);
    if (!shipment.upload.allDelivered || this.#clock.monotonic() < dueMs) return shipment;
    const received = { ...shipment, receivedAtMs: dueMs };
    this.#shipments.set(transactionId, received);
    return received;
  }

  stateOf(order: PaidOrder): OrderState {
    if (order.refunded) return 5;
    const shipment = this.shipmentOf(order);
    if (shipment === undefined || !shipment.upload.allDelivered) return 1;
    if (shipment.receivedAtMs === null) return 2;
    return this.#clock.monotonic() - shipment.receivedAtMs < SETTLEMENT ? 3 : 4;
  }

  /** Takes an upload; a second one for what is shipped is its only correction. @throws Refusal */
  ship(order: PaidOrder, upload: Upload): void {
    const before = this.shipmentOf(order);
    if (order.refunded || (before !== undefined && before.receivedAtMs !== null)) throw new Refusal(10060004);
    if (before !== undefined) assertNews(before, upload);
    const correcting = before !== undefined && isCorrection(before.upload, upload);
    if (correcting && before.corrected) throw new Refusal(10060003);
    this.#shipments.set(order.transactionId, {
      upload: before === undefined || correcting ? upload : withMore(before.upload, upload),
      shippedAtMs: this.#clock.monotonic(),
      corrected: correcting || (before?.corrected ?? false),
      receivedAtMs: null,
      reminded: false,
    });
  }

  /** Reminds the user to confirm: once, for express only. @throws Refusal */
  remind(order: PaidOrder, receivedAtMs: number): void {
    const shipment = this.shipmentOf(order);
    if (shipment === undefined || this.stateOf(order) !== 2) throw new Refusal(10060028);
    if (shipment.upload.logisticsType !== EXPRESS) throw new Refusal(10060032);
    if (shipment.reminded) throw new Refusal(10060030);
    if (receivedAtMs < Math.floor(shipment.upload.uploadedAtMs / SECOND) * SECOND)
      throw new Refusal(10060029);
    this.#shipments.set(order.transactionId, { ...shipment, reminded: true });
  }

  /** The user taps that it has arrived. @throws Refusal 10060028 unless it is shipped. */
  confirm(order: PaidOrder): void {
    const shipment = this.shipmentOf(order);
    if (shipment === undefined || this.stateOf(order) !== 2) throw new Refusal(10060028);
    this.#shipments.set(order.transactionId, { ...shipment, receivedAtMs: this.#clock.monotonic() });
  }

  /** What was told of an order that is not sent as usual. */
  specialOf({ transactionId }: PaidOrder): SpecialOrder | undefined {
    return this.#special.get(transactionId);
  }

  setSpecial({ transactionId }: PaidOrder, special: SpecialOrder): void {
    this.#special.set(transactionId, special);
  }
}

/** When receipt counts as confirmed if the user does nothing. */
export function receiptAfter({ logisticsType }: Upload): Milliseconds {
  return logisticsType === EXPRESS ? EXPRESS_RECEIPT : OTHER_RECEIPT;
}

/** @throws Refusal 10060023 when nothing is new, 268485216 when it is older than what is there. */
function assertNews({ upload: before }: Shipment, upload: Upload): void {
  if (upload.uploadedAtMs <= before.uploadedAtMs) throw new Refusal(268485216);
  const same = ({ uploadedAtMs: _, ...rest }: Upload) => JSON.stringify(rest);
  if (same(before) === same(upload)) throw new Refusal(10060023);
}

/** Another parcel of what is sent in several is none; all else changes what was said. */
function isCorrection(before: Upload, upload: Upload): boolean {
  return before.allDelivered || before.deliveryMode === UNIFIED || upload.deliveryMode !== SPLIT;
}

/** Parcels that follow; all together are 15 at most. @throws Refusal 10060024 */
function withMore(before: Upload, upload: Upload): Upload {
  const known = new Set(upload.parcels.map(({ trackingNo }) => trackingNo));
  const parcels = [...before.parcels.filter(({ trackingNo }) => !known.has(trackingNo)), ...upload.parcels];
  if (parcels.length > 15) throw new Refusal(10060024);
  return { ...upload, parcels };
}
