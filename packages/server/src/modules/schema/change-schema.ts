import type { ErrorFault } from '@maque/kit';
import type { DatabaseConnection, DatabaseDialect } from '../../ports/database.ts';
import { BrokenReferenceError, DuplicateValueError } from '../../ports/database-errors.ts';
import { startErrors } from '../records/records-errors.ts';
import { applyStep } from './apply-step.ts';
import { SCHEMA_ISSUE } from './schema-issues.ts';
import type { SchemaChange, SchemaLedger } from './schema-ledger.ts';
import type { PlannedStep, SchemaPlan } from './schema-plan.ts';
import { pathOf } from './step-finding.ts';

export interface ChangeContext {
  /** A transaction, in which nobody else changes tables. */
  readonly connection: DatabaseConnection;
  readonly dialect: DatabaseDialect;
  readonly ledger: SchemaLedger;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Refuses a plan that cannot be carried out, or that would lose what nobody said may be lost.
 * @throws CodedError SCHEMA_CHANGE_REFUSED with everything that speaks against it.
 */
export function refuseDoubtful({ obstacles, losses }: SchemaPlan, allowDataLoss: boolean): void {
  const details = allowDataLoss ? obstacles : [...obstacles, ...losses];
  if (details.length > 0) throw startErrors.SCHEMA_CHANGE_REFUSED({ details });
}

/**
 * Carries out a plan and remembers it. Answers null where nothing had to be done.
 * @param backup the copy of the database that was made before.
 * @throws CodedError as {@link applySteps} does.
 */
export async function changeSchema(
  context: ChangeContext,
  plan: SchemaPlan,
  backup: string | null,
): Promise<SchemaChange | null> {
  await applySteps(context, plan);
  const { changes, steps, losses } = plan;
  if (steps.length === 0) return null;
  return context.ledger.addChange({ appliedAt: context.now, changes, steps, losses, backup });
}

/**
 * Does the steps of a plan; the ledger knows the tables as they are then.
 * @throws CodedError SCHEMA_CHANGE_REFUSED where records stand in the way that no look into one table shows.
 */
export async function applySteps(
  { connection, dialect, ledger, now }: ChangeContext,
  { changes, steps }: SchemaPlan,
): Promise<void> {
  for (const { table, step } of steps) {
    try {
      await applyStep(connection, dialect, table, step);
    } catch (error) {
      const fault = faultOf(error, { table, step });
      if (fault === undefined) throw error;
      throw startErrors.SCHEMA_CHANGE_REFUSED({ details: [fault], cause: error });
    }
  }
  for (const { table, after } of changes) await ledger.setShape(table, after, now);
}

function faultOf(error: unknown, { table, step }: PlannedStep): ErrorFault | undefined {
  if (error instanceof DuplicateValueError && step.kind === 'create-index')
    return { path: pathOf(table, step.index.columns.join()), issue: SCHEMA_ISSUE.hasDuplicates };
  if (!(error instanceof BrokenReferenceError)) return undefined;
  const path = step.kind === 'create-links' ? pathOf(table, step.links.field) : `collections.${table}`;
  return { path, issue: SCHEMA_ISSUE.leadsNowhere };
}
