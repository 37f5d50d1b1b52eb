import type { Clock } from '@maque/kit';
import type { App } from '../../define/app.ts';
import type { Migration } from '../../ports/database.ts';
import { type ChangeContext, changeSchema, refuseDoubtful } from '../schema/change-schema.ts';
import { declaredChanges } from '../schema/declared-changes.ts';
import { type SchemaChange, SchemaLedger } from '../schema/schema-ledger.ts';
import { planSchema } from '../schema/schema-plan.ts';
import type { RecordModel } from './record-model.ts';
import type { Records } from './records.ts';
import { startErrors } from './records-errors.ts';

export interface PrepareDatabaseOptions {
  readonly app: App;
  readonly records: Records;
  /** The server's own tables, in the order in which they came to be. */
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
  /**
   * Copies the database before anything is changed in one that is in use; answers where to. No copy is made unless given.
   */
  readonly backup?: () => Promise<string>;
}

/**
 * Brings the database to what this server needs: its own migrations, the tables of the collections, and the app's seed
 * when the database is new. One process at a time, and all or nothing where the dialect can undo tables. Nothing is lost
 * by it: what would be is refused, and what nothing declares any more is left where it is.
 * Answers what was changed of the collections, null for nothing.
 * @throws CodedError SCHEMA_CHANGE_REFUSED with what stands in the way, DATABASE_NEWER, DATABASE_BUSY.
 */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<SchemaChange | null> {
  const { app, records, migrations, clock, backup } = options;
  const { database } = records;
  // Before the lock, or nobody could write while it is made.
  const copy = backup !== undefined && (await needsChanges(options)) ? await backup() : null;
  return database.exclusive(async (connection) => {
    const ledger = new SchemaLedger(connection);
    const isNew = await ledger.open();
    const context = { connection, dialect: database.dialect, ledger, now: clock.now() };
    for (const migration of await pendingMigrations(ledger, migrations)) {
      await migration.up(connection.query);
      await ledger.addMigration(migration.id, context.now);
    }
    const change = await applyDeclared(context, records.models, copy);
    if (isNew) await app.seed?.(records.accessOn(connection));
    return change;
  });
}

/** Whether a database that is in use is not as this server needs it. */
async function needsChanges({ records, migrations }: PrepareDatabaseOptions): Promise<boolean> {
  const ledger = new SchemaLedger(records.database);
  if (!(await ledger.exists())) return false;
  if ((await pendingMigrations(ledger, migrations)).length > 0) return true;
  const changes = declaredChanges(await ledger.shapes(), records.models, 'keep');
  return (await planSchema(records.database, changes)).steps.length > 0;
}

async function pendingMigrations(
  ledger: SchemaLedger,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const applied = await ledger.migrationIds();
  const known = new Set(migrations.map(({ id }) => id));
  const newer = [...applied].find((id) => !known.has(id));
  if (newer !== undefined) throw startErrors.DATABASE_NEWER({ data: { id: newer } });
  return migrations.filter(({ id }) => !applied.has(id));
}

async function applyDeclared(
  context: ChangeContext,
  models: readonly RecordModel[],
  backup: string | null,
): Promise<SchemaChange | null> {
  const { connection, ledger } = context;
  const shapes = await ledger.shapes();
  const all = declaredChanges(shapes, models, 'drop');
  if (all.length === 0) return null;
  refuseDoubtful(await planSchema(connection, all), false);
  return changeSchema(context, await planSchema(connection, declaredChanges(shapes, models, 'keep')), backup);
}
