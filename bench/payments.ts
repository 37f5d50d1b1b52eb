import { parseArgs } from 'node:util';
import { type PaymentStormOutcome, payInAStorm } from '@maque/testkit/scenarios/payment-storm';
import { messageOf, say } from './command.ts';

const HELP = `node bench/payments.ts [options]

Lets buyers order and pay in the shop (two workers, SQLite) at the simulated WeChat Pay, while notifications are lost,
repeated, reordered and forged and a worker is killed every few seconds. Then compares the shop's books with WeChat Pay's:
every payment, every order, every refund. About five minutes.

  --orders N   how many are placed; 10000 unless told
  --help       this

Ends with 0 when the books are equal and no forged notification was believed, 1 when not or when an option is wrong.
`;

const ORDERS = 10_000;
const BUYERS = 24;
const KILL_EVERY_MS = 3_000;
/** What no notification told is asked for after a minute, and once more two minutes later. */
const SETTLE_MS = 240_000;

/** One message in five goes wrong in each way; of one payment in fifty not one notification arrives. */
const BEHAVIOUR = {
  ladderScale: 0.05,
  refundAfterMs: 1_000,
  lost: 0.2,
  missing: 0.02,
  repeated: 0.2,
  delayed: 0.2,
  delayMs: 3_000,
  forged: 0.2,
} as const;

/** Thousands of differences have one cause; the first few show it. */
const SHOWN = 20;

process.exitCode = await main();

async function main(): Promise<number> {
  let orders: number;
  try {
    const { values } = parseArgs({
      options: { orders: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) {
      process.stdout.write(HELP);
      return 0;
    }
    orders = Number(values.orders ?? ORDERS);
    if (!Number.isSafeInteger(orders) || orders < 1)
      throw new Error('--orders must be a whole number from 1 on');
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${HELP}`);
    return 1;
  }
  const startedAt = performance.now();
  const outcome = await payInAStorm({
    orders,
    buyers: BUYERS,
    killEveryMs: KILL_EVERY_MS,
    behaviour: BEHAVIOUR,
    settleMs: SETTLE_MS,
    onProgress: (placed) => {
      if (placed % 1_000 === 0) say(`  ${placed} of ${orders} orders`);
    },
  });
  report(outcome, performance.now() - startedAt);
  return outcome.differences.length === 0 && outcome.deliveries.forgedAcknowledged === 0 ? 0 : 1;
}

function report(outcome: PaymentStormOutcome, tookMs: number): void {
  const { placed, paid, refunded, kills, repeatedCalls, deliveries, differences } = outcome;
  const lines = [
    `orders placed                  ${placed}`,
    `paid, of which given back      ${paid}, ${refunded}`,
    `workers killed                 ${kills}`,
    `calls that buyers repeated     ${repeatedCalls}`,
    `notifications sent             ${deliveries.sent}`,
    `  lost on the way              ${deliveries.lost}`,
    `  repeated                     ${deliveries.repeated}`,
    `  forged                       ${deliveries.forged}, believed: ${deliveries.forgedAcknowledged}`,
    `took                           ${Math.round(tookMs / 1_000)} s`,
    `differences between the books  ${differences.length}`,
    ...differences.slice(0, SHOWN).map((difference) => `  ${difference}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
