import type { Clock } from '@maque/kit';
import type { App } from '../../define/app.ts';
import type { DatabaseConnection, Migration } from '../../ports/database.ts';
import { changeSchema, refuseDoubtful } from '../schema/change-schema.ts';
import { declaredChanges, type Unused } from '../schema/declared-changes.ts';
import { type SchemaChange, SchemaLedger } from '../schema/schema-ledger.ts';
import { planSchema, type SchemaPlan } from '../schema/schema-plan.ts';
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
  /** What nothing declares any more stays unless told. */
  readonly unused?: Unused;
  /** Whether values may be lost; not unless told. */
  readonly allowDataLoss?: boolean;
}

/**
 * Brings the database to what this server needs: its own migrations, the tables of the collections, and the app's seed
 * when the database is new. One process at a time, and all or nothing where the dialect can undo tables.
 * Unless told nothing is lost by it: what would be is refused, and what nothing declares any more is left where it is.
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
    const change = await changeSchema(context, await planDeclared(connection, ledger, options), copy);
    if (isNew) await app.seed?.(records.accessOn(connection));
    return change;
  });
}

/** Whether a database that is in use is not as this server needs it. @throws CodedError where that is refused. */
async function needsChanges(options: PrepareDatabaseOptions): Promise<boolean> {
  const { records, migrations } = options;
  const ledger = new SchemaLedger(records.database);
  if (!(await ledger.exists())) return false;
  if ((await pendingMigrations(ledger, migrations)).length > 0) return true;
  return (await planDeclared(records.database, ledger, options)).steps.length > 0;
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

/** @throws CodedError SCHEMA_CHANGE_REFUSED. */
async function planDeclared(
  connection: DatabaseConnection,
  ledger: SchemaLedger,
  { records, unused = 'keep', allowDataLoss = false }: PrepareDatabaseOptions,
): Promise<SchemaPlan> {
  const shapes = await ledger.shapes();
  const plan = await planSchema(connection, declaredChanges(shapes, records.models, 'drop'));
  // Also where it would be left: a field that got another name by mistake must not seem to be empty.
  refuseDoubtful(plan, allowDataLoss);
  return unused === 'drop' ? plan : planSchema(connection, declaredChanges(shapes, records.models, unused));
}
