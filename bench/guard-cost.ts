/**
 * What the guard costs, on this machine, in one run: `node bench/guard-cost.ts --pairs 24 --markdown FILE`. Needs the
 * packages built (`npm run build`) and `npm ci --prefix bench`. About nine minutes; leave the machine alone meanwhile.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { ClosingStack } from '@maque/kit';
import { measureAsleep } from './guard-cost/asleep.ts';
import { BARE, type Contender, GUARDED, HEAP_DELTA, SWITCH, SWITCHED } from './guard-cost/contender.ts';
import {
  type Contestant,
  measurePair,
  measureSwitched,
  type PairCost,
  type PairedMicros,
} from './guard-cost/contestant.ts';
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
import { median } from './report/median.ts';
import { Workshop } from './runs/workshop.ts';

/** One process may be lucky with what its code and its heap look like. */
const PROCESSES = 2;
/** A request of the shop mix is not like the next, as one of hello-world is: its windows differ more. */
const SHOP_TIMES = 2;
/** Of two servers side by side, for their memory and for what costs three times the request: two show that. */
const APART_PAIRS = 2;
/** Of one side by side. */
const APART_SECONDS = 1.5;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string', default: '24' },
      seconds: { type: 'string', default: '1' },
      markdown: { type: 'string' },
    },
  });
  const pairs = Number(values.pairs);
  const seconds = Number(values.seconds);
  if (!(Number.isInteger(pairs) && pairs >= 2 && pairs <= 1_000) || !(seconds >= 0.1 && seconds <= 60)) {
    process.stderr.write(
      '--pairs is a whole number from 2 to 1000, --seconds of one window from 0.1 to 60\n',
    );
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
  const switched = async (
    what: string,
    count: number,
    start: (closing: ClosingStack) => Promise<Contestant>,
  ): Promise<readonly PairedMicros[]> => {
    const costs: PairedMicros[] = [];
    for (let run = 1; run <= PROCESSES; run += 1) {
      const ofRun = await workshop.withClosing(async (closing) =>
        measureSwitched(await start(closing), Math.ceil(count / PROCESSES), seconds),
      );
      costs.push(...ofRun);
      process.stderr.write(`${what}, process ${run} of ${PROCESSES}: ${showMedians(ofRun)}\n`);
    }
    return costs;
  };
  const apart = async (what: string, second: Contender): Promise<readonly PairCost[]> => {
    const costs: PairCost[] = [];
    for (let pair = 1; pair <= APART_PAIRS; pair += 1) {
      const cost = await workshop.withClosing(async (closing) =>
        measurePair(
          [await helloContestant(workshop, closing, BARE), await helloContestant(workshop, closing, second)],
          APART_SECONDS,
        ),
      );
      costs.push(cost);
      process.stderr.write(`${what}, pair ${pair} of ${APART_PAIRS}: ${showMedians([cost.micros])}\n`);
    }
    return costs;
  };
  const hello = await switched('hello-world', pairs, (closing) =>
    helloContestant(workshop, closing, SWITCHED),
  );
  const shop = await switched('shop mix', pairs * SHOP_TIMES, (closing) =>
    shopContestant(workshop, closing, SWITCH),
  );
  const guardApart = await apart('the guard in a server of its own', GUARDED);
  const heapDelta = await apart('heap delta', HEAP_DELTA);
  // Servers that fall asleep disturb nobody.
  const [ownTime, asleep] = await Promise.all([measureOwnTime(workshop), measureAsleep(workshop)]);
  return { machine, seconds, hello, shop, guardApart, heapDelta, ownTime, asleep };
}

function showMedians(pairs: readonly PairedMicros[]): string {
  const without = median(pairs.map(([micros]) => micros));
  const withIt = median(pairs.map(([, micros]) => micros));
  return `medians of ${pairs.length}: ${without.toFixed(2)} and ${withIt.toFixed(2)} µs`;
}
