import { resolve } from 'node:path';
import { compareInHelper, comparisonLines } from '@maque/guard/snapshot';
import type { ExitCode, Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';

/** `maque guard compare`: what grew between two heap snapshots, worked out by a process of its own. */
export async function compareTwoSnapshots(invocation: Invocation): Promise<ExitCode> {
  const {
    arguments: [before, after],
    options,
    surroundings: { terminal, language, cwd },
  } = invocation;
  if (before === undefined || after === undefined) {
    const usage = '<before.heapsnapshot> <after.heapsnapshot>';
    throw commandErrors.ARGUMENT_MISSING({ data: { name: 'guard compare', usage } });
  }
  const comparison = await compareInHelper(resolve(cwd, before), resolve(cwd, after));
  if (options.json === true) terminal.out(JSON.stringify(comparison, null, 2));
  else for (const line of comparisonLines(comparison, language)) terminal.out(line);
  return 0;
}
