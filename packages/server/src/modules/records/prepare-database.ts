import type { Clock, ErrorFault } from '@maque/kit';
import type { App } from '../../define/app.ts';
import type { DatabaseConnection, DatabaseDialect, Migration } from '../../ports/database.ts';
import { applyTable } from './apply-table.ts';
import type { RecordModel } from './record-model.ts';
import type { Records } from './records.ts';
import { startErrors } from './records-errors.ts';
import { type TableShape, tableShapeOf } from './table-shape.ts';

type LedgerTables = {
  maque_migrations: { id: string; appliedAt: number };
  maque_collections: { name: string; shape: string; appliedAt: number };
};

export interface PrepareDatabaseOptions {
  readonly app: App;
  readonly records: Records;
  /** The server's own tables, in the order in which they came to be. */
  readonly migrations: readonly Migration[];
  readonly clock: Clock;
}

/**
 * Brings the database to what this server needs: its own migrations, the tables of the collections, and the app's seed
 * when the database is new. One process at a time, and all or nothing where the dialect can undo tables.
 * @throws CodedError SCHEMA_CHANGE_REFUSED with what stands in the way, DATABASE_NEWER, DATABASE_BUSY.
 */
export async function prepareDatabase({
  app,
  records,
  migrations,
  clock,
}: PrepareDatabaseOptions): Promise<void> {
  const { database } = records;
  await database.exclusive(async (connection) => {
    const isNew = await createLedger(connection);
    await applyMigrations(connection, migrations, clock);
    await applyCollections(connection, database.dialect, records.models, clock);
    if (isNew) await app.seed?.(records.accessOn(connection));
  });
}

/** Answers whether the database is new. */
async function createLedger({ query }: DatabaseConnection): Promise<boolean> {
  const tables = await query.introspection.getTables();
  if (tables.some(({ name }) => name === 'maque_migrations')) return false;
  await query.schema
    .createTable('maque_migrations')
    .addColumn('id', 'varchar(100)', (column) => column.primaryKey().notNull())
    .addColumn('appliedAt', 'bigint', (column) => column.notNull())
    .execute();
  await query.schema
    .createTable('maque_collections')
    .addColumn('name', 'varchar(48)', (column) => column.primaryKey().notNull())
    .addColumn('shape', 'text', (column) => column.notNull())
    .addColumn('appliedAt', 'bigint', (column) => column.notNull())
    .execute();
  return true;
}

async function applyMigrations(
  connection: DatabaseConnection,
  migrations: readonly Migration[],
  clock: Clock,
): Promise<void> {
  const query = connection.query.$extendTables<LedgerTables>();
  const applied = new Set(
    (await query.selectFrom('maque_migrations').select('id').execute()).map(({ id }) => id),
  );
  const known = new Set(migrations.map(({ id }) => id));
  const newer = [...applied].find((id) => !known.has(id));
  if (newer !== undefined) throw startErrors.DATABASE_NEWER({ data: { id: newer } });
  for (const migration of migrations) {
    if (applied.has(migration.id)) continue;
    await migration.up(connection.query);
    await query.insertInto('maque_migrations').values({ id: migration.id, appliedAt: clock.now() }).execute();
  }
}

async function applyCollections(
  connection: DatabaseConnection,
  dialect: DatabaseDialect,
  models: readonly RecordModel[],
  clock: Clock,
): Promise<void> {
  const query = connection.query.$extendTables<LedgerTables>();
  const known = await query.selectFrom('maque_collections').selectAll().execute();
  const before = new Map(known.map(({ name, shape }) => [name, shape]));
  const faults: ErrorFault[] = [];
  for (const model of models) {
    const shape = tableShapeOf(model);
    const text = JSON.stringify(shape);
    const old = before.get(model.name);
    if (old === text) continue;
    const previous = old === undefined ? undefined : (JSON.parse(old) as TableShape);
    const problems = await applyTable(connection, dialect, model.name, previous, shape);
    for (const { column, issue, data } of problems) {
      faults.push({ path: `collections.${model.name}.fields.${column}`, issue, data });
    }
    await query.deleteFrom('maque_collections').where('name', '=', model.name).execute();
    await query
      .insertInto('maque_collections')
      .values({ name: model.name, shape: text, appliedAt: clock.now() })
      .execute();
  }
  if (faults.length > 0) throw startErrors.SCHEMA_CHANGE_REFUSED({ details: faults });
}
