/**
 * What the guard costs, on this machine, in one run: `node bench/guard-cost.ts --pairs 6 --markdown FILE`. Needs the
 * packages built (`npm run build`) and `npm ci --prefix bench`. About six minutes; leave the machine alone meanwhile.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { ClosingStack } from '@maque/kit';
import { measureAsleep } from './guard-cost/asleep.ts';
import { BARE, type Contender, GUARDED, HEAP_DELTA, REGISTER } from './guard-cost/contender.ts';
import { type Contestant, measurePair, type PairCost } from './guard-cost/contestant.ts';
import {
  type GuardCostResult,
  guardCostGoals,
  guardCostMarkdown,
  guardCostText,
} from './guard-cost/guard-cost-report.ts';
import { helloContestant } from './guard-cost/hello-contestant.ts';
import { measureOwnTime } from './guard-cost/own-time.ts';
import { shopContestant } from './guard-cost/shop-contestant.ts';
import { readMachineFacts } from './measure/machine.ts';
import { Workshop } from './runs/workshop.ts';

/** The well-known middleware costs three times the request: two pairs show that. */
const HEAP_DELTA_PAIRS = 2;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string', default: '6' },
      seconds: { type: 'string', default: '1.5' },
      markdown: { type: 'string' },
    },
  });
  const pairs = Number(values.pairs);
  const seconds = Number(values.seconds);
  if (!(Number.isInteger(pairs) && pairs >= 2 && pairs <= 100) || !(seconds >= 0.1 && seconds <= 60)) {
    process.stderr.write('--pairs is a whole number from 2 to 100, --seconds of one window from 0.1 to 60\n');
    return 1;
  }
  const workshop = new Workshop();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void workshop.close().finally(() => process.exit(130)));
  }
  try {
    const result = await measure(workshop, pairs, seconds);
    if (values.markdown !== undefined) {
      mkdirSync(dirname(values.markdown), { recursive: true });
      writeFileSync(values.markdown, guardCostMarkdown(result));
    }
    process.stdout.write(guardCostText(result));
    return guardCostGoals(result).every(({ met }) => met) ? 0 : 1;
  } finally {
    await workshop.close();
  }
}

async function measure(workshop: Workshop, pairs: number, seconds: number): Promise<GuardCostResult> {
  const machine = readMachineFacts();
  const hello = (second: Contender) => (closing: ClosingStack) =>
    Promise.all([helloContestant(workshop, closing, BARE), helloContestant(workshop, closing, second)]);
  const shop = (closing: ClosingStack) =>
    Promise.all([shopContestant(workshop, closing, []), shopContestant(workshop, closing, REGISTER)]);
  const runPairs = async (
    what: string,
    count: number,
    start: (closing: ClosingStack) => Promise<[Contestant, Contestant]>,
  ): Promise<readonly PairCost[]> => {
    const costs: PairCost[] = [];
    for (let pair = 1; pair <= count; pair += 1) {
      const cost = await workshop.withClosing(async (closing) => measurePair(await start(closing), seconds));
      costs.push(cost);
      process.stderr.write(
        `${what}, pair ${pair} of ${count}: ${cost.micros.map((micros) => micros.toFixed(2)).join(' and ')} µs\n`,
      );
    }
    return costs;
  };
  return {
    machine,
    seconds,
    hello: await runPairs('hello-world', pairs, hello(GUARDED)),
    shop: await runPairs('shop mix', pairs, shop),
    heapDelta: await runPairs('heap delta', HEAP_DELTA_PAIRS, hello(HEAP_DELTA)),
    ownTime: await measureOwnTime(workshop),
    asleep: await measureAsleep(workshop),
  };
}
