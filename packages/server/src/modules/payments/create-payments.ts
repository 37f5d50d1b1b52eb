import type { Metric } from '@maque/guard';
import { type Clock, HOUR, type Milliseconds, SECOND } from '@maque/kit';
import type { PayClient } from '@maque/wechat';
import type { RouteLog } from '../../define/route.ts';
import type { Messages, Payments } from '../../define/wechat-services.ts';
import type { Attention } from '../../logging/attention.ts';
import type { JobQueue } from '../../ports/index.ts';
import type { Records } from '../records/records.ts';
import { findOpenid } from '../users/account-store.ts';
import { CallGate } from '../wechat/call-gate.ts';
import { BillComparison } from './bill-comparison.ts';
import { NotificationService } from './notification-service.ts';
import { sweepDeliveries } from './notification-store.ts';
import { PaymentBooks, type PaymentHandlers } from './payment-books.ts';
import { PaymentChecks } from './payment-checks.ts';
import { PaymentService } from './payment-service.ts';
import { PaymentSettler } from './payment-settler.ts';
import { PaymentTally } from './payment-tally.ts';
import { RefundService } from './refund-service.ts';

export interface CreatePaymentsOptions {
  readonly pay: PayClient;
  readonly records: Records;
  readonly jobs: Pick<JobQueue, 'every'>;
  /** What the app does with what WeChat Pay tells. */
  readonly handlers: PaymentHandlers;
  /** What these may send to users. */
  readonly messages: Messages;
  /** Requests of users that may wait for WeChat Pay at once. */
  readonly maxAtOnce: number;
  readonly attention: Attention;
  readonly log: RouteLog;
  readonly clock: Clock;
}

/** Payments as the rest of the server knows them. */
export interface PaymentsModule {
  readonly payments: Payments;
  readonly notifications: NotificationService;
  metrics(): Metric[];
}

/** The first check of a payment is due a minute after it was opened; a quarter of that late is no matter. */
const CHECK_INTERVAL_MS: Milliseconds = 15 * SECOND;
/** A bill is there at 10:00; the comparison is for people, who look at it within hours. */
const BILL_INTERVAL_MS: Milliseconds = HOUR;

/** Puts payments together, and gives the job queue the work of asking WeChat Pay about what was not told. */
export function createPayments(options: CreatePaymentsOptions): PaymentsModule {
  const { pay, records, jobs, handlers, messages, attention, log, clock } = options;
  const { database } = records;
  const tally = new PaymentTally(clock);
  const edges = { pay, database, tally, attention, log, clock };
  const books = new PaymentBooks({ ...edges, records, handlers, messages });
  const settler = new PaymentSettler({ pay, books });
  const refunds = new RefundService({ ...edges, books });
  const checks = new PaymentChecks({ ...edges, books, settler, refunds });
  const bills = new BillComparison({ ...edges, settler });

  jobs.every('payments.check', CHECK_INTERVAL_MS, (signal) => checks.turn(signal));
  jobs.every('payments.bill', BILL_INTERVAL_MS, async (signal) => {
    await sweepDeliveries(database, clock.now());
    await bills.turn(signal);
  });

  return {
    payments: new PaymentService({
      ...edges,
      ...{ settler, refunds },
      gate: new CallGate(options.maxAtOnce),
      openidOf: (userId) => findOpenid(database, userId, pay.appId),
    }),
    notifications: new NotificationService({ ...edges, books }),
    metrics: () => tally.metrics(),
  };
}
