import { MiB } from '@maque/kit';
import { type BenchOption, outputFile, runBenchmark, wholeNumber } from './benchmark.ts';
import { messageOf, say, write } from './command.ts';
import { type Combination, mostTouchedMb } from './plan-reality/combination.ts';
import { COMBINATIONS } from './plan-reality/combination-list.ts';
import { prepareTables } from './plan-reality/prepare-tables.ts';
import { copyPrograms, missingPrograms } from './plan-reality/private-programs.ts';
import { type CombinationResult, runCombination } from './plan-reality/run-combination.ts';
import type { Workshop } from './runs/workshop.ts';

const only: BenchOption<string | undefined> = { unlessTold: undefined, read: (text) => text };

process.exitCode = await runBenchmark({
  help: 'todo\n',
  options: { only, seconds: wholeNumber(12), markdown: outputFile, json: outputFile },
  needsQuiet: false,
  async run(workshop, values) {
    const missing = missingPrograms();
    if (missing.length > 0) throw new Error(missing.join('\n'));
    const chosen = COMBINATIONS.filter(({ name }) => values.only === undefined || name.includes(values.only));
    const results = await runAll(workshop, chosen, values.seconds);
    if (values.json !== undefined) write(values.json, JSON.stringify(results, null, 1));
    return 0;
  },
});

async function runAll(
  workshop: Workshop,
  combinations: readonly Combination[],
  seconds: number,
): Promise<readonly CombinationResult[]> {
  const programs = copyPrograms(workshop.folder('programs'), workshop.node);
  const mariadbTemplate = await workshop.withClosing((closing) =>
    prepareTables({
      folder: workshop.folder('tables'),
      programs,
      closing,
      sizeMb: mostTouchedMb(combinations),
    }),
  );
  const results: CombinationResult[] = [];
  for (const combination of combinations) {
    const started = performance.now();
    try {
      const result = await runCombination(combination, { workshop, programs, mariadbTemplate, seconds });
      results.push(result);
      const took = ((performance.now() - started) / 1000).toFixed(0);
      const line = [...result.services, result.inAll]
        .map(({ service, expected, seen }) => `${service} ${mib(seen)}→${mib(expected)}`)
        .join('  ');
      const { right, wrong, lost, shed } = result.window;
      say(`${combination.name}: ${line}  [${right}/${shed}/${wrong}/${lost}] ${JSON.stringify(result.side)} ${result.oomKills} oom, ${took} s`);
    } catch (error) {
      say(`${combination.name}: ${messageOf(error)}`);
    }
  }
  return results;
}

function mib(bytes: number): string {
  return (bytes / MiB).toFixed(1);
}
