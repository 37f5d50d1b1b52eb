// The keeper's acceptance as scenarios, for Maque and beside others:
//   node bench/keeper.ts [scenario …] [--against maque,pm2,watt,cluster]
import { endOnSignals, messageOf, say, write } from './command.ts';
import type { Contender } from './keeper/contenders/contender.ts';
import { CONTENDERS } from './keeper/contenders/contender-list.ts';
import { type KeeperBenchOptions, readKeeperOptions } from './keeper/keeper-options.ts';
import { keeperMarkdownReport, keeperTextReport } from './keeper/report/keeper-report.ts';
import {
  type ContenderOutcome,
  isMet,
  type KeeperBenchResult,
  type ScenarioOutcome,
} from './keeper/report/keeper-result.ts';
import type { Scenario } from './keeper/scenarios/scenario.ts';
import { SCENARIOS } from './keeper/scenarios/scenario-list.ts';
import { isBusy, readMachineFacts } from './measure/machine.ts';
import { Workshop } from './runs/workshop.ts';
import { missingNginx } from './stacks/nginx.ts';

const HELP = `node bench/keeper.ts [scenario …] [options]

Lets everything go wrong that a supervisor is there for, and counts what its users notice. For Maque alone 75 minutes,
for all four four hours; leave the machine alone meanwhile. Needs Linux, root (cgroups, a disk to fill) and nginx.

Scenarios, all of them unless told:
${SCENARIOS.map(({ name, title }) => `  ${name.padEnd(9)}${title}`).join('\n')}

  --against LIST    ${CONTENDERS.map(({ name }) => name).join(', ')}; maque unless told
  --seconds N       length of each part instead of its own: a quick look
  --memory MIB      what the service may take instead of what the scenario says
  --only TEXT       of leaks: the cases with this in their names, such as 'heap leak of 10'
  --json FILE       everything that was measured
  --markdown FILE   the tables as a page
  --help            this

Ends with 0 when Maque meets every goal, 1 when one is missed or an option is wrong, 2 when something is not installed.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  let options: KeeperBenchOptions | undefined;
  try {
    options = readKeeperOptions(
      process.argv.slice(2),
      SCENARIOS.map(({ name }) => name),
    );
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${HELP}`);
    return 1;
  }
  if (options === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const { contenders } = options;
  const chosen = CONTENDERS.filter(({ name }) => contenders.includes(name));
  const missing = new Set([...chosen.flatMap((contender) => contender.missing()), ...missingNginx()]);
  if (missing.size > 0) {
    process.stderr.write(
      `Not everything is installed. Run\n${[...missing].map((one) => `  ${one}\n`).join('')}`,
    );
    return 2;
  }
  return await measureAndReport(options, chosen);
}

async function measureAndReport(options: KeeperBenchOptions, chosen: readonly Contender[]): Promise<number> {
  const machine = readMachineFacts();
  if (isBusy(machine))
    say(`The machine is busy (load average ${machine.loadBefore.toFixed(2)}): trust no figure.`);
  const workshop = new Workshop();
  endOnSignals(workshop);
  try {
    const scenarios: ScenarioOutcome[] = [];
    for (const scenario of SCENARIOS.filter(({ name }) => options.scenarios.includes(name))) {
      scenarios.push(await runScenario(workshop, scenario, chosen, options));
    }
    const contenders = chosen.map(({ name, title }) => ({ name, title }));
    const result: KeeperBenchResult = { machine, seconds: options.seconds ?? null, contenders, scenarios };
    if (options.jsonFile !== undefined) write(options.jsonFile, `${JSON.stringify(result, null, 2)}\n`);
    if (options.markdownFile !== undefined) write(options.markdownFile, keeperMarkdownReport(result));
    process.stdout.write(keeperTextReport(result));
    return isMet(result) ? 0 : 1;
  } finally {
    await workshop.close();
  }
}

async function runScenario(
  workshop: Workshop,
  scenario: Scenario,
  chosen: readonly Contender[],
  { seconds, memory, only }: KeeperBenchOptions,
): Promise<ScenarioOutcome> {
  const { name, title } = scenario;
  const outcomes: ContenderOutcome[] = [];
  for (const contender of chosen) {
    say(`${name}: ${contender.name}`);
    try {
      const result = await scenario.run({ workshop, contender, seconds, memory, only, say });
      outcomes.push({ contender: contender.name, ...result });
    } catch (error) {
      // What was measured so far stays worth having.
      say(`${name} of ${contender.name} broke off: ${messageOf(error)}`);
      const [firstLine = ''] = messageOf(error).split('\n');
      outcomes.push({ contender: contender.name, rows: [], details: null, error: firstLine });
    }
  }
  return { name, title, outcomes };
}
