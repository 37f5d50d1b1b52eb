import { createManualClock, type ManualClock, MiB, type Milliseconds } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { createPayClient } from '@maque/wechat/pay';
import {
  createSimulator,
  type MerchantKeys,
  type MerchantOptions,
  type Simulator,
} from '@maque/wechat/simulator';
import { openSqliteDatabase } from '../src/adapters/database/sqlite/sqlite-database.ts';
import { collection, defineApp, field } from '../src/define/index.ts';
import type { Payments } from '../src/define/wechat-services.ts';
import { silentLogger } from '../src/logging/logger.ts';
import { migrations } from '../src/migrations.ts';
import { messagesOff } from '../src/modules/messages/messages-off.ts';
import { createPayments, type PaymentsModule } from '../src/modules/payments/create-payments.ts';
import { NOTIFY_PATH, registerNotifyRoutes } from '../src/modules/payments/notify-routes.ts';
import type { PaymentHandlers } from '../src/modules/payments/payment-books.ts';
import { prepareDatabase } from '../src/modules/records/prepare-database.ts';
import { createRecords, type Records } from '../src/modules/records/records.ts';
import { insertAccount } from '../src/modules/users/account-store.ts';
import { insertUser } from '../src/modules/users/user-store.ts';
import { startSmallServer } from './small-server.ts';
import { APP_ID } from './start-server.ts';

const PAYERS = { u1: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', u2: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6p' };

/** What the handlers of the bench write, in the transactions that they are given. */
export const ledger = collection({
  fields: {
    kind: field.enum(['paid', 'closed', 'refunded', 'failed']),
    reference: field.text({ maxLength: 64 }),
    amount_fen: field.money(),
  },
});

export interface PaymentBench extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly simulator: Simulator;
  readonly pay: Simulator['pay'];
  readonly payments: Payments;
  readonly module: PaymentsModule;
  readonly records: Records;
  /** Codes of what an operator was told. */
  readonly told: string[];
  /** Runs one turn of the work that is done at intervals. */
  turn(name: 'payments.check' | 'payments.bill'): Promise<void>;
  /** Lets time pass for the server and WeChat alike, with all checks that fall into it. */
  pass(ms: Milliseconds): Promise<void>;
  /** What the handlers wrote: `paid order-1`. */
  entries(): Promise<string[]>;
  /** Opens and pays, as a user does. Answers the payment's number. */
  paid(reference: string, amountFen?: number): Promise<string>;
}

export interface BenchOptions {
  readonly merchant?: MerchantOptions;
  /** Called by the handlers before they write. */
  readonly before?: (kind: string, reference: string) => Promise<void> | void;
  /** When the clock begins. */
  readonly startMs?: number;
}

let keys: MerchantKeys | undefined;

/** Payments on a real database, with WeChat Pay's side over HTTP, and a clock that both share. */
export async function startPaymentBench(options: BenchOptions = {}): Promise<PaymentBench> {
  await using opened = new AsyncDisposableStack();
  const clock = createManualClock(options.startMs);
  const simulator = createSimulator({
    ...{ appId: APP_ID, secret: 'a-secret-of-the-simulator', clock },
    merchant: { ...(keys === undefined ? {} : { keys }), ...options.merchant },
  });
  // Keys are slow to make; all benches of a file share them.
  keys ??= simulator.pay.keys();
  opened.defer(() => simulator.close());
  const baseUrl = await simulator.listen();
  const folder = opened.use(await tempFolder());
  const database = await openSqliteDatabase({
    path: `${folder.path}/maque.db`,
    cacheBytes: 4 * MiB,
    synchronous: 'normal',
  });
  opened.defer(() => database.close());
  const app = defineApp({ collections: { ledger } });
  const records = createRecords({ app, database, clock });
  await prepareDatabase({ app, records, migrations, clock });
  for (const [id, openid] of Object.entries(PAYERS)) {
    await insertUser(database, id, clock.now());
    await insertAccount(database, id, account(openid), clock.now());
  }

  let module: PaymentsModule | undefined;
  const server = opened.use(
    await startSmallServer((routes) =>
      // WeChat Pay must know the address before the module can be made.
      registerNotifyRoutes(routes, {
        notifications: { receive: (raw) => mounted(module).notifications.receive(raw) },
      }),
    ),
  );
  const { mchId, serial, privateKeyPem, apiV3Key, publicKeyId, publicKeyPem } = simulator.pay.credentials();
  const told: string[] = [];
  const turns = new Map<string, (signal: AbortSignal) => Promise<void>>();
  module = createPayments({
    pay: createPayClient({
      ...{ appId: APP_ID, mchId, apiV3Key, baseUrl, clock },
      merchantSerial: serial,
      merchantKey: privateKeyPem,
      publicKeys: { [publicKeyId]: publicKeyPem },
      notifyUrl: `${server.url}${NOTIFY_PATH}`,
      onAlert: ({ code }) => told.push(code),
      sleep: async () => {},
    }),
    jobs: { every: (name, _intervalMs, handler) => void turns.set(name, handler) },
    messages: messagesOff,
    handlers: handlersOf(options.before ?? (() => {})),
    attention: ({ code }) => told.push(code),
    ...{ records, log: silentLogger, maxAtOnce: 100, clock },
  });
  const { payments } = module;
  const resources = opened.move();
  const turn: PaymentBench['turn'] = async (name) => turns.get(name)?.(AbortSignal.timeout(20_000));

  return {
    ...{ clock, simulator, pay: simulator.pay, payments, module, records, told, turn },
    async pass(ms) {
      // As often as the checks are due; each asks about what has become due meanwhile.
      for (let left = ms; left > 0; left -= 60_000) {
        clock.advance(Math.min(left, 60_000));
        await turn('payments.check');
      }
    },
    async entries() {
      const rows = await records.data.list(ledger, { limit: 1_000, sort: ['id'] });
      return rows.map(({ kind, reference }) => `${kind} ${reference}`);
    },
    async paid(reference, amountFen = 100) {
      const request = { reference, userId: 'u1', amountFen, description: 'a cup of tea' };
      const { payment, parameters } = await payments.open(request);
      simulator.pay.payWith(parameters);
      await simulator.pay.quiet();
      return payment.outTradeNo;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function handlersOf(before: NonNullable<BenchOptions['before']>): PaymentHandlers {
  return {
    async onPaid({ reference, amountFen }, { db }) {
      await db.create(ledger, { kind: 'paid', reference, amount_fen: amountFen });
      await before('paid', reference);
    },
    async onClosed({ reference, amountFen }, { db }) {
      await db.create(ledger, { kind: 'closed', reference, amount_fen: amountFen });
      await before('closed', reference);
    },
    async onRefunded({ status, reference, amountFen }, { db }) {
      const kind = status === 'succeeded' ? 'refunded' : 'failed';
      await db.create(ledger, { kind, reference, amount_fen: amountFen });
      await before(kind, reference);
    },
  };
}

function mounted(module: PaymentsModule | undefined): PaymentsModule {
  if (module === undefined) throw new Error('nothing is notified before all is there');
  return module;
}

function account(openid: string) {
  return { appId: APP_ID, openid, unionid: undefined, sealedSessionKey: 'none' };
}
