import { endOnSignals, messageOf, say, write } from './command.ts';
import { runOverload } from './faults/overload.ts';
import { RECYCLE_SECONDS, runRecycle } from './faults/recycle.ts';
import { runSmallBox } from './faults/small-box.ts';
import { runWorkerKill } from './faults/worker-kill.ts';
import { isBusy, readMachineFacts } from './measure/machine.ts';
import { type BenchOptions, HELP, readOptions } from './options.ts';
import type { BenchResult, BrokenPart, Part } from './report/bench-result.ts';
import { judge } from './report/goals.ts';
import { markdownReport } from './report/markdown-report.ts';
import { textReport } from './report/text-report.ts';
import { type ColdStart, runColdStart } from './runs/cold-start.ts';
import { runShopRound, type ShopRound } from './runs/shop-round.ts';
import { Workshop } from './runs/workshop.ts';
import { leanStack } from './stacks/lean.ts';
import { maqueStack } from './stacks/maque.ts';
import { recipeStack } from './stacks/recipe.ts';
import type { Stack } from './stacks/stack.ts';

type PartResults = Omit<BenchResult, 'machine' | 'rounds' | 'seconds' | 'broken'>;
type Results = PartResults & Pick<BenchResult, 'broken'>;

/** Each round runs them in this order, so that what changes on the machine meanwhile meets all of them. */
const STACKS: readonly Stack[] = [maqueStack, leanStack, recipeStack];

process.exitCode = await main();

async function main(): Promise<number> {
  let options: BenchOptions | undefined;
  try {
    options = readOptions(process.argv.slice(2), new Date());
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${HELP}`);
    return 1;
  }
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const missing = findMissing(options.parts);
  if (missing.length > 0) {
    process.stderr.write(
      `Not everything is installed. Run\n${missing.map((command) => `  ${command}\n`).join('')}`,
    );
    return 2;
  }
  return await measureAndReport(options);
}

function findMissing(parts: readonly Part[]): readonly string[] {
  const stacks = parts.includes('shop') ? STACKS : [maqueStack];
  return [...new Set(stacks.flatMap((stack) => stack.missing()))];
}

async function measureAndReport(options: BenchOptions): Promise<number> {
  const machine = readMachineFacts();
  if (isBusy(machine)) {
    say(`The machine is busy (load average ${machine.loadBefore.toFixed(2)}): figures will not mean much.`);
  }
  const workshop = new Workshop();
  endOnSignals(workshop);
  try {
    const results = await runParts(workshop, options);
    const { rounds, seconds } = options;
    const result: BenchResult = { machine, rounds, seconds, ...results };
    const goals = judge(result);
    write(options.jsonFile, `${JSON.stringify({ ...result, goals }, null, 2)}\n`);
    if (options.markdownFile !== undefined) write(options.markdownFile, markdownReport(result, goals));
    process.stdout.write(textReport(result, goals));
    return goals.every(({ met }) => met) ? 0 : 1;
  } finally {
    await workshop.close();
  }
}

async function runParts(workshop: Workshop, options: BenchOptions): Promise<Results> {
  const { rounds, seconds, secondsGiven } = options;
  const steps: Readonly<Record<Part, () => Promise<PartResults>>> = {
    shop: async () => ({ shop: await runShop(workshop, rounds, seconds) }),
    'cold-start': async () => ({ coldStarts: await runColdStarts(workshop, rounds) }),
    faults: async () => {
      say('kill -9 of a worker');
      const workerKill = await runWorkerKill(workshop, seconds);
      say('maque recycle, again and again');
      return { workerKill, recycle: await runRecycle(workshop, secondsGiven ? seconds : RECYCLE_SECONDS) };
    },
    overload: async () => {
      say('overload');
      return { overload: await runOverload(workshop, seconds) };
    },
    cgroup: async () => {
      say('512 MiB memory cgroup');
      return { smallBox: await runSmallBox(workshop, seconds) };
    },
  };
  let results: PartResults = {};
  const broken: BrokenPart[] = [];
  for (const part of options.parts) {
    try {
      results = { ...results, ...(await steps[part]()) };
    } catch (error) {
      // What was measured so far stays worth having.
      broken.push({ part, error: messageOf(error) });
      say(`${part} broke off: ${messageOf(error)}`);
    }
  }
  return { ...results, broken };
}

async function runShop(workshop: Workshop, rounds: number, seconds: number): Promise<readonly ShopRound[]> {
  const done: ShopRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const stack of STACKS) {
      say(`shop, round ${round} of ${rounds}: ${stack.title}`);
      done.push(await runShopRound(workshop, stack, seconds));
    }
  }
  return done;
}

async function runColdStarts(workshop: Workshop, rounds: number): Promise<readonly ColdStart[]> {
  const done: ColdStart[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`cold start, round ${round} of ${rounds}`);
    done.push(await runColdStart(workshop));
  }
  return done;
}
