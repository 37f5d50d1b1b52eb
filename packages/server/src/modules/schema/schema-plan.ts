import type { ErrorFault } from '@maque/kit';
import type { DatabaseConnection } from '../../ports/database.ts';
import { findingOf } from './step-finding.ts';
import { type Renames, STEP_ORDER, type TableStep, tableDifference } from './table-difference.ts';
import type { TableShape } from './table-shape.ts';

/** What one collection's table is and is to be; undefined where there is no table. */
export interface TableChange {
  readonly table: string;
  readonly before?: TableShape | undefined;
  readonly after?: TableShape | undefined;
  readonly renames: Renames;
}

export interface PlannedStep {
  readonly table: string;
  readonly step: TableStep;
}

/** How the tables get to what is wanted, and what speaks against it. */
export interface SchemaPlan {
  /** Of tables whose shape differs at all; some differ in nothing that needs a step. */
  readonly changes: readonly TableChange[];
  /** In the order in which they are done. */
  readonly steps: readonly PlannedStep[];
  /** What has to be put right first. */
  readonly obstacles: readonly ErrorFault[];
  /** What would be lost. */
  readonly losses: readonly ErrorFault[];
}

/** Works out what changes need, and looks into the tables for what speaks against it; changes nothing. */
export async function planSchema(
  connection: DatabaseConnection,
  changes: readonly TableChange[],
): Promise<SchemaPlan> {
  const steps = orderedSteps(changes);
  const obstacles: ErrorFault[] = [];
  const losses: ErrorFault[] = [];
  const byTable = new Map(changes.map((change) => [change.table, change]));
  for (const { table, step } of steps) {
    const change = byTable.get(table);
    const finding = change === undefined ? undefined : await findingOf(connection, change, step);
    if (finding !== undefined) (finding.kind === 'loss' ? losses : obstacles).push(finding.fault);
  }
  return { changes, steps, obstacles, losses };
}

function orderedSteps(changes: readonly TableChange[]): PlannedStep[] {
  const planned = changes.flatMap(({ table, before, after, renames }) =>
    tableDifference(before, after, renames).map((step) => ({ table, step })),
  );
  const rank = ({ step }: PlannedStep) => STEP_ORDER.indexOf(step.kind);
  return planned.sort((a, b) => rank(a) - rank(b));
}
