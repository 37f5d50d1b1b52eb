import { isBusy } from '../../measure/machine.ts';
import { show } from '../../report/figures.ts';
import { markdownTable, textTable } from '../../report/text-table.ts';
import type { KeeperBenchResult, ScenarioOutcome } from './keeper-result.ts';

const INTRODUCTION = `# The keeper beside others

Written by \`node bench/keeper.ts --against maque,pm2,watt,cluster --markdown docs/reference/keeper-benchmarks.md\`. What
each row means and how it is measured: [\`bench/keeper/README.md\`](../../bench/keeper/README.md).`;

/** The whole result for a terminal: every scenario as a block, a line for each figure of each contender. */
export function keeperTextReport(result: KeeperBenchResult): string {
  const sections = result.scenarios.map(
    (scenario) => `${scenario.name}: ${scenario.title}\n${textTable(tableOf(scenario, 'MISSED'))}`,
  );
  return `${[machineLine(result), ...sections].join('\n\n')}\n`;
}

/** The whole result as a reference page. */
export function keeperMarkdownReport(result: KeeperBenchResult): string {
  const contenders = result.contenders.map(({ name, title }) => `- **${name}**: ${title}`).join('\n');
  const sections = result.scenarios.map(
    (scenario) =>
      `## ${scenario.name}\n\n${capitalized(scenario.title)}.\n\n${markdownTable(tableOf(scenario, '**missed**'))}`,
  );
  return `${[INTRODUCTION, `${machineLine(result)}.`, contenders, ...sections].join('\n\n')}\n`;
}

/** A row for every figure, a column for every contender. */
function tableOf({ outcomes }: ScenarioOutcome, missed: string): readonly (readonly string[])[] {
  const names = [...new Set(outcomes.flatMap(({ rows }) => rows.map(({ what }) => what)))];
  const body = names.map((what) => {
    const rows = outcomes.map((outcome) => outcome.rows.find((row) => row.what === what));
    const wanted = rows.find((row) => row !== undefined && row.wanted !== '')?.wanted ?? '';
    const cells = rows.map((row, index) => {
      if (row === undefined) return '–';
      // Goals are Maque's; the others have figures.
      const isOurs = outcomes[index]?.contender === 'maque';
      return isOurs && !row.met ? `${row.measured} ${missed}` : row.measured;
    });
    return [what, wanted, ...cells];
  });
  const broken = outcomes.some(({ error }) => error !== undefined)
    ? [
        [
          'runs to its end',
          'yes',
          ...outcomes.map(({ error }) => (error === undefined ? 'yes' : `no: ${error}`)),
        ],
      ]
    : [];
  return [['', 'wanted', ...outcomes.map(({ contender }) => contender)], ...body, ...broken];
}

function machineLine({ machine, seconds }: KeeperBenchResult): string {
  const { at, cpu, cores, memoryBytes, kernel, node, commit, loadBefore } = machine;
  return (
    `${at.slice(0, 10)}, ${cpu}, ${cores} cores, ${show.mebibytes(memoryBytes)}, Linux ${kernel}, Node ${node}, ` +
    `commit ${commit ?? 'unknown'}; load average before: ${loadBefore.toFixed(2)}` +
    `${isBusy(machine) ? ' (busy: trust no figure)' : ''}${seconds === null ? '' : `; only ${seconds} s a part`}`
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
