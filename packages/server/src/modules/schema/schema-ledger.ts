import type { ErrorFault } from '@maque/kit';
import type { DatabaseConnection, SqlQuery } from '../../ports/database.ts';
import type { PlannedStep, TableChange } from './schema-plan.ts';
import type { TableShape } from './table-shape.ts';

type LedgerTables = {
  maque_migrations: { id: string; appliedAt: number };
  maque_collections: { name: string; shape: string; appliedAt: number };
  maque_schema_changes: { id: number; appliedAt: number; undoneAt: number | null; change: string };
};
type LedgerQuery = ReturnType<typeof ledgerOf>;

/** A change of the tables as it was applied. */
export interface SchemaChange {
  /** Counts up from 1. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly appliedAt: number;
  readonly undoneAt: number | null;
  readonly changes: readonly TableChange[];
  readonly steps: readonly PlannedStep[];
  /** What was lost by it. */
  readonly losses: readonly ErrorFault[];
  /** The copy of the database that was made before; null where none was. */
  readonly backup: string | null;
}

// In development a change comes with every edit of a field; each is some KiB.
const MAX_CHANGES = 100;

function ledgerOf(query: SqlQuery) {
  return query.$extendTables<LedgerTables>();
}

/** What was done to a database, as the database itself remembers it. */
export class SchemaLedger {
  readonly #query: LedgerQuery;

  constructor({ query }: Pick<DatabaseConnection, 'query'>) {
    this.#query = ledgerOf(query);
  }

  /** Makes the ledger's tables where they are missing. Answers whether the database is new. */
  async open(): Promise<boolean> {
    const names = await this.#tables();
    const { schema } = this.#query;
    if (!names.has('maque_migrations')) {
      await schema
        .createTable('maque_migrations')
        .addColumn('id', 'varchar(100)', (column) => column.primaryKey().notNull())
        .addColumn('appliedAt', 'bigint', (column) => column.notNull())
        .execute();
      await schema
        .createTable('maque_collections')
        .addColumn('name', 'varchar(48)', (column) => column.primaryKey().notNull())
        .addColumn('shape', 'text', (column) => column.notNull())
        .addColumn('appliedAt', 'bigint', (column) => column.notNull())
        .execute();
    }
    if (!names.has('maque_schema_changes')) {
      await schema
        .createTable('maque_schema_changes')
        .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
        .addColumn('appliedAt', 'bigint', (column) => column.notNull())
        .addColumn('undoneAt', 'bigint')
        .addColumn('change', 'text', (column) => column.notNull())
        .execute();
    }
    return !names.has('maque_migrations');
  }

  /** Whether the database has a ledger: one that no server ever used has none. */
  async exists(): Promise<boolean> {
    return (await this.#tables()).has('maque_schema_changes');
  }

  async migrationIds(): Promise<ReadonlySet<string>> {
    const rows = await this.#query.selectFrom('maque_migrations').select('id').execute();
    return new Set(rows.map(({ id }) => id));
  }

  async addMigration(id: string, appliedAt: number): Promise<void> {
    await this.#query.insertInto('maque_migrations').values({ id, appliedAt }).execute();
  }

  /** The tables of collections as they are. */
  async shapes(): Promise<ReadonlyMap<string, TableShape>> {
    const rows = await this.#query.selectFrom('maque_collections').select(['name', 'shape']).execute();
    return new Map(rows.map(({ name, shape }) => [name, JSON.parse(shape) as TableShape]));
  }

  /** @param shape undefined where the table is gone. */
  async setShape(name: string, shape: TableShape | undefined, appliedAt: number): Promise<void> {
    await this.#query.deleteFrom('maque_collections').where('name', '=', name).execute();
    if (shape === undefined) return;
    const text = JSON.stringify(shape);
    await this.#query.insertInto('maque_collections').values({ name, shape: text, appliedAt }).execute();
  }

  /** The changes that are remembered, the latest first. */
  async changes(): Promise<readonly SchemaChange[]> {
    const rows = await this.#query
      .selectFrom('maque_schema_changes')
      .selectAll()
      .orderBy('id', 'desc')
      .execute();
    return rows.map(({ id, appliedAt, undoneAt, change }) => ({
      ...(JSON.parse(change) as Pick<SchemaChange, 'changes' | 'steps' | 'losses' | 'backup'>),
      ...{ id: Number(id), appliedAt: Number(appliedAt) },
      undoneAt: undoneAt === null ? null : Number(undoneAt),
    }));
  }

  async addChange(change: Omit<SchemaChange, 'id' | 'undoneAt'>): Promise<SchemaChange> {
    const { appliedAt, ...rest } = change;
    const { last } = await this.#query
      .selectFrom('maque_schema_changes')
      .select((of) => of.fn.max('id').as('last'))
      .executeTakeFirstOrThrow();
    const id = Number(last ?? 0) + 1;
    await this.#query
      .insertInto('maque_schema_changes')
      .values({ id, appliedAt, undoneAt: null, change: JSON.stringify(rest) })
      .execute();
    await this.#query
      .deleteFrom('maque_schema_changes')
      .where('id', '<=', id - MAX_CHANGES)
      .execute();
    return { ...change, id, undoneAt: null };
  }

  async markUndone(id: number, undoneAt: number): Promise<void> {
    await this.#query.updateTable('maque_schema_changes').set({ undoneAt }).where('id', '=', id).execute();
  }

  async #tables(): Promise<ReadonlySet<string>> {
    const tables = await this.#query.introspection.getTables();
    return new Set(tables.map(({ name }) => name));
  }
}
