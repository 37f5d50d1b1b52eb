import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isBusy, type MachineFacts } from '../measure/machine.ts';
import { markdownTable } from '../report/text-table.ts';

interface LeakPage {
  readonly title: string;
  /** How it was measured, wrapped. */
  readonly introduction: string;
  readonly machine: MachineFacts;
  readonly rows: readonly (readonly string[])[];
  readonly closing?: string;
}

/** Writes what a benchmark of leaks found to a page of the reference. */
export function writeLeakPage(file: string, { title, introduction, machine, rows, closing }: LeakPage): void {
  const parts = [`# ${title}`, introduction, machineLine(machine), markdownTable(rows)];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${[...parts, ...(closing === undefined ? [] : [closing])].join('\n\n')}\n`);
}

function machineLine(machine: MachineFacts): string {
  const { at, cpu, cores, kernel, node, commit, loadBefore } = machine;
  const load = `load average before: ${loadBefore.toFixed(2)}${isBusy(machine) ? ' (busy: the services had to wait, too)' : ''}`;
  return `${at.slice(0, 10)}, ${cpu}, ${cores} cores, Linux ${kernel}, Node ${node}, commit ${commit ?? 'unknown'}; ${load}.`;
}
