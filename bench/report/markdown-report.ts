import type { BenchResult } from './bench-result.ts';
import { faultLines } from './fault-lines.ts';
import type { Goal } from './goal.ts';
import { shopTable } from './shop-table.ts';
import { machineLine } from './text-report.ts';
import { markdownTable } from './text-table.ts';

const INTRODUCTION = `# Benchmarks

Written by \`npm run bench -- --markdown docs/reference/benchmarks.md\`. How it is measured, and why so:
[\`bench/README.md\`](../../bench/README.md). Absolute figures depend on the machine; the ratios are what to compare.`;

/** The whole result as the reference page. */
export function markdownReport(result: BenchResult, goals: readonly Goal[]): string {
  const sections = [INTRODUCTION, `${machineLine(result)}.`];
  if (result.shop !== undefined) sections.push('## The shop mix', markdownTable(shopTable(result.shop)));
  const lines = faultLines(result);
  if (lines.length > 0) sections.push('## Faults', lines.map((line) => `- ${line}`).join('\n'));
  const rows = goals.map(({ what, wanted, measured, met }) => [
    what,
    wanted,
    measured,
    met ? 'met' : '**missed**',
  ]);
  sections.push('## Goals', markdownTable([['goal', 'wanted', 'measured', ''], ...rows]));
  return `${sections.join('\n\n')}\n`;
}
