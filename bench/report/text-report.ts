import { isBusy } from '../measure/machine.ts';
import type { BenchResult } from './bench-result.ts';
import { faultLines } from './fault-lines.ts';
import { show } from './figures.ts';
import type { Goal } from './goal.ts';
import { shopTable } from './shop-table.ts';
import { textTable } from './text-table.ts';

/** The whole result for a terminal. */
export function textReport(result: BenchResult, goals: readonly Goal[]): string {
  const sections = [machineLine(result)];
  if (result.shop !== undefined) sections.push(textTable(shopTable(result.shop)));
  const lines = faultLines(result);
  if (lines.length > 0) sections.push(lines.join('\n'));
  const rows = goals.map(({ what, wanted, measured, met }) => [
    what,
    wanted,
    measured,
    met ? 'met' : 'MISSED',
  ]);
  sections.push(textTable([['goal', 'wanted', 'measured', ''], ...rows]));
  return `${sections.join('\n\n')}\n`;
}

/** On what all of it was measured, in one line. */
export function machineLine({ machine, rounds, seconds }: BenchResult): string {
  const { at, cpu, cores, memoryBytes, kernel, node, commit, loadBefore } = machine;
  return (
    `${at.slice(0, 10)}, ${cpu}, ${cores} cores, ${show.mebibytes(memoryBytes)}, Linux ${kernel}, Node ${node}, ` +
    `commit ${commit ?? 'unknown'}; medians of ${rounds} alternating rounds, ${seconds} s a window; ` +
    `load average before: ${loadBefore.toFixed(2)}${isBusy(machine) ? ' (busy: trust no figure, ratios hardly)' : ''}`
  );
}
