import type { Metric } from '@maque/guard';
import { type Clock, MINUTE, type Milliseconds } from '@maque/kit';

/** What became of something that was sent to the notify route. */
const OUTCOMES = [
  /** A payment or refund has changed by it. */
  'booked',
  /** It told what was known, or is of a kind that nobody asked for. */
  'nothing-new',
  /** Not WeChat Pay's: forged, replayed, a probe, too old, unreadable. */
  'refused',
  /** WeChat Pay's, and not like our books. */
  'mismatch',
  /** Our own trouble: the app's handler, the database, no time. WeChat repeats it. */
  'failed',
] as const;
export type NotificationOutcome = (typeof OUTCOMES)[number];

const EVENTS = ['opened', 'paid', 'closed', 'refunded', 'refund-failed'] as const;
export type PaymentEvent = (typeof EVENTS)[number];

/** One worker at a time counts, four times a minute: what it counted is told for so long. */
const COUNT_GOOD_FOR_MS: Milliseconds = MINUTE;

/** Counts for metrics: of this process, but for those that {@link PaymentTally.counted} brings. */
export class PaymentTally {
  readonly #clock: Clock;
  // All of them from the start: to a scraper, a series that begins at 1 has not grown.
  readonly #notifications = new Map<NotificationOutcome, number>(OUTCOMES.map((outcome) => [outcome, 0]));
  readonly #events = new Map<PaymentEvent, number>(EVENTS.map((event) => [event, 0]));
  #unpaid: { readonly pending: number; readonly overdue: number; readonly atMs: Milliseconds } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  notification(outcome: NotificationOutcome): void {
    this.#notifications.set(outcome, (this.#notifications.get(outcome) ?? 0) + 1);
  }

  event(event: PaymentEvent): void {
    this.#events.set(event, (this.#events.get(event) ?? 0) + 1);
  }

  /** What the database holds now. */
  counted(unpaid: { readonly pending: number; readonly overdue: number }): void {
    this.#unpaid = { ...unpaid, atMs: this.#clock.monotonic() };
  }

  metrics(): Metric[] {
    const isFresh =
      this.#unpaid !== undefined && this.#clock.monotonic() - this.#unpaid.atMs <= COUNT_GOOD_FOR_MS;
    const unpaid = isFresh ? this.#unpaid : undefined;
    return [
      counter(
        'maque_payments_total',
        'Payments that were opened, paid or closed, and refunds',
        this.#events,
        'event',
      ),
      counter(
        'maque_pay_notifications_total',
        'Notifications of WeChat Pay by outcome',
        this.#notifications,
        'outcome',
      ),
      gauge('maque_payments_pending', 'Payments that are open', unpaid?.pending),
      gauge('maque_payments_overdue', 'Payments that are open for more than an hour', unpaid?.overdue),
    ];
  }
}

function counter(name: string, help: string, counts: ReadonlyMap<string, number>, label: string): Metric {
  const samples = Array.from(counts, ([key, value]) => ({ labels: { [label]: key }, value }));
  return { type: 'counter', name, help, samples };
}

function gauge(name: string, help: string, value: number | undefined): Metric {
  return { type: 'gauge', name, help, samples: value === undefined ? [] : [{ value }] };
}
