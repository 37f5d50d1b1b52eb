import { MiB } from '@maque/kit';
import type { PlannedWatcher } from '../../../plan/box/planned-service.ts';
import { inMiB } from '../../../plan/in-mebibytes.ts';
import { type ConfigEntry, numbered } from '../../config-lines.ts';
import type { Meaning } from '../../meaning.ts';

const GO_SHARE = 0.9;

/** The line of a unit that keeps a program in Go inside its budget. */
export function goLimitLine(
  meaning: Meaning,
  { budgetBytes }: Pick<PlannedWatcher, 'budgetBytes'>,
): ConfigEntry {
  const mebibytes = Math.floor((budgetBytes * GO_SHARE) / MiB);
  const formula = `${GO_SHARE} × ${inMiB(budgetBytes)} MiB`;
  return numbered(meaning, formula, `Environment=GOMEMLIMIT=${mebibytes}MiB`);
}
