import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import { type BenchOption, outputFile, runBenchmark, wholeNumber } from './benchmark.ts';
import { messageOf, say, write } from './command.ts';
import { readMachineFacts } from './measure/machine.ts';
import { CAPACITIES } from './plan-reality/capacity-list.ts';
import { type Combination, mostTouchedMb } from './plan-reality/combination.ts';
import { COMBINATIONS } from './plan-reality/combination-list.ts';
import { isMet, markdownReport, type PlanReality, textReport } from './plan-reality/plan-reality-report.ts';
import { prepareTables } from './plan-reality/prepare-tables.ts';
import { copyPrograms, missingPrograms } from './plan-reality/private-programs.ts';
import { runCapacity } from './plan-reality/run-capacity.ts';
import { type CombinationMaterial, runCombination } from './plan-reality/run-combination.ts';
import { NPM_INSTALL_COMMAND } from './stacks/paths.ts';

const HELP = `node bench/plan-reality.ts [options]

Plans boxes, starts each with its rendered files inside a cgroup of the plan's size, loads them, and holds what they took
against what was foretold: memory of ${COMBINATIONS.length} boxes, and the capacity of ${CAPACITIES.length} after calibration. About ten minutes. Needs
root, nginx, MariaDB and Redis, and ${NPM_INSTALL_COMMAND}.

  --only TEXT      boxes with this in their name; "memory" or "capacity" for one of the parts
  --seconds N      of load each; 12 unless told
  --markdown FILE  writes the report there too
  --json FILE      writes every figure there
  --help           this

Ends with 0 when no box took more than foretold, the median is at most 20 % above, and capacity is at most 30 % off.
Memory does not mind a busy machine, capacity does.
`;

/** Who builds the project meanwhile is done by then. */
const PAUSE_MS: Milliseconds = 20_000;

const only: BenchOption<string | undefined> = { unlessTold: undefined, read: (text) => text };

process.exitCode = await runBenchmark({
  help: HELP,
  options: { only, seconds: wholeNumber(12), markdown: outputFile, json: outputFile },
  needsQuiet: false,
  async run(workshop, values) {
    const missing = missingPrograms();
    if (missing.length > 0) throw new Error(`missing:\n${missing.join('\n')}`);
    const boxes = chosen('memory', COMBINATIONS, values.only);
    const capacities = chosen('capacity', CAPACITIES, values.only);
    const programs = copyPrograms(workshop.folder('programs'), workshop.node);
    const mariadbTemplate = await workshop.withClosing((closing) =>
      prepareTables({
        folder: workshop.folder('tables'),
        programs,
        closing,
        sizeMb: mostTouchedMb([...boxes, ...capacities]),
      }),
    );
    const material: CombinationMaterial = { workshop, programs, mariadbTemplate, seconds: values.seconds };
    const reality: PlanReality = {
      machine: readMachineFacts(),
      seconds: values.seconds,
      memory: await inTurn(boxes, (one) => runCombination(one, material)),
      capacity: await inTurn(capacities, (one) => runCapacity(one, material)),
    };
    process.stdout.write(`${textReport(reality)}\n`);
    if (values.markdown !== undefined) write(values.markdown, markdownReport(reality));
    if (values.json !== undefined) write(values.json, `${JSON.stringify(reality, null, 1)}\n`);
    const isWhole = reality.memory.length === boxes.length && reality.capacity.length === capacities.length;
    return isWhole && isMet(reality) ? 0 : 1;
  },
});

function chosen<Box extends Combination>(
  part: string,
  boxes: readonly Box[],
  told: string | undefined,
): readonly Box[] {
  return told === undefined || told === part ? boxes : boxes.filter(({ name }) => name.includes(told));
}

/** One that fails is told, tried once more, and left out. */
async function inTurn<Box extends Combination, Result>(
  boxes: readonly Box[],
  run: (box: Box) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [index, box] of boxes.entries()) {
    say(`${index + 1} of ${boxes.length}: ${box.name}`);
    const told = (error: unknown) => {
      say(`${box.name}: ${messageOf(error)}`);
      return undefined;
    };
    const again = async () => await sleep(PAUSE_MS).then(() => run(box));
    const result = (await run(box).catch(told)) ?? (await again().catch(told));
    if (result !== undefined) results.push(result);
  }
  return results;
}
