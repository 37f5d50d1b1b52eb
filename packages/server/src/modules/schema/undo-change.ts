import type { DatabaseConnection } from '../../ports/database.ts';
import { applySteps, type ChangeContext, refuseDoubtful } from './change-schema.ts';
import type { SchemaChange, SchemaLedger } from './schema-ledger.ts';
import { planSchema, type SchemaPlan, type TableChange } from './schema-plan.ts';
import { undoErrors } from './undo-errors.ts';

/** What takes back the latest change that was not taken back yet: the tables become what they were before it. */
export interface UndoPlan {
  readonly change: SchemaChange;
  readonly plan: SchemaPlan;
}

/**
 * @throws CodedError SCHEMA_NOTHING_TO_UNDO; SCHEMA_UNDO_IMPOSSIBLE where values are gone; SCHEMA_CHANGE_REFUSED with
 * what would be lost that came since, unless that is allowed, or with what stands in the way.
 */
export async function planUndo(
  connection: DatabaseConnection,
  ledger: SchemaLedger,
  allowDataLoss: boolean,
): Promise<UndoPlan> {
  const change = await undoableChange(ledger);
  const shapes = await ledger.shapes();
  const changes = change.changes.map(
    ({ table, before, renames }): TableChange => ({
      table,
      before: shapes.get(table),
      after: before,
      renames: Object.fromEntries(Object.entries(renames).map(([name, from]) => [from, name])),
    }),
  );
  const plan = await planSchema(connection, changes);
  refuseDoubtful(plan, allowDataLoss);
  return { change, plan };
}

/** Carries it out, and answers the change that is no more. @throws CodedError as `applySteps` does. */
export async function undoChange(context: ChangeContext, { change, plan }: UndoPlan): Promise<SchemaChange> {
  await applySteps(context, plan);
  await context.ledger.markUndone(change.id, context.now);
  return change;
}

async function undoableChange(ledger: SchemaLedger): Promise<SchemaChange> {
  const change = (await ledger.changes()).find(({ undoneAt }) => undoneAt === null);
  if (change === undefined) throw undoErrors.SCHEMA_NOTHING_TO_UNDO();
  const { id, losses, backup } = change;
  if (losses.length === 0) return change;
  throw undoErrors.SCHEMA_UNDO_IMPOSSIBLE({ data: { id, backup: backup ?? '–' }, details: losses });
}
