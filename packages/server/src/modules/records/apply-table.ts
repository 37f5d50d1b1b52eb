import { type CreateTableBuilder, sql } from 'kysely';
import { RECORD_FIELDS } from '../../define/condition.ts';
import type { DatabaseConnection, DatabaseDialect } from '../../ports/database.ts';
import { DuplicateValueError } from '../../ports/database-errors.ts';
import { createLinks } from './link-table.ts';
import { type TableProblem, type TableStep, tableDifference } from './table-difference.ts';
import type { ColumnShape, IndexShape, TableShape } from './table-shape.ts';

const ISSUE = {
  hasNulls: {
    en: 'is required now, but {count} records have no value; give them one first',
    zh: '现为必填,但有 {count} 条记录没有值;请先补上',
  },
  hasDuplicates: {
    en: 'is unique now, but records share a value ({target})',
    zh: '现为唯一,但有记录取值相同({target})',
  },
};

/**
 * Brings a table to what is declared. Answers what stands in the way instead, when that would lose data or break
 * records; what was changed until then is for the caller's transaction to undo.
 */
export async function applyTable(
  connection: DatabaseConnection,
  dialect: DatabaseDialect,
  table: string,
  before: TableShape | undefined,
  after: TableShape,
): Promise<readonly TableProblem[]> {
  const { steps, problems } = tableDifference(before, after);
  if (problems.length > 0) {
    if (await hasRecords(connection, table)) return problems;
    // Nothing is in it that could be lost.
    await connection.query.schema.dropTable(table).execute();
    return applyTable(connection, dialect, table, undefined, after);
  }
  const faults: TableProblem[] = [];
  for (const step of steps) {
    const fault = await applyStep(connection, dialect, table, step);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

async function applyStep(
  connection: DatabaseConnection,
  dialect: DatabaseDialect,
  table: string,
  step: TableStep,
): Promise<TableProblem | undefined> {
  const { schema } = connection.query;
  switch (step.kind) {
    case 'create-table':
      await createTable(connection, table, step.columns);
      return undefined;
    case 'add-column':
      await addColumn(connection, table, step.column);
      return undefined;
    case 'require':
      return nullsIn(connection, table, step.column);
    case 'drop-index': {
      const drop = schema.dropIndex(step.index.name);
      await (dialect.indexBelongsToTable ? drop.on(table) : drop).execute();
      return undefined;
    }
    case 'create-index':
      return createIndex(connection, table, step.index);
    case 'create-links':
      await createLinks(connection, table, step.links);
      return undefined;
    case 'drop-links':
      await schema.dropTable(step.links.name).execute();
      return undefined;
    case 'create-search':
      await dialect.textSearch.create(connection, table, step.columns);
      return undefined;
    case 'drop-search':
      await dialect.textSearch.drop(connection, table);
      return undefined;
  }
}

async function createTable(
  { query }: DatabaseConnection,
  table: string,
  columns: readonly ColumnShape[],
): Promise<void> {
  let create: CreateTableBuilder<string, string> = query.schema.createTable(table);
  for (const { name, references, ...column } of columns) {
    create = create.addColumn(name, typeOf(column), (definition) => {
      // Declared fields allow null here, whatever they say: no engine we run on takes that back without writing the
      // table anew, and every write is checked against the declaration.
      const built = Object.hasOwn(RECORD_FIELDS, name) ? definition.notNull() : definition;
      if (name === 'id') return built.primaryKey();
      return references === undefined ? built : built.references(`${references}.id`);
    });
  }
  await create.execute();
}

async function addColumn(
  { query }: DatabaseConnection,
  table: string,
  { name, references, fill, ...column }: ColumnShape,
): Promise<void> {
  await query.schema
    .alterTable(table)
    .addColumn(name, typeOf(column), (definition) =>
      references === undefined ? definition : definition.references(`${references}.id`),
    )
    .execute();
  if (fill !== undefined)
    await query
      .updateTable(table)
      .set({ [name]: fill })
      .execute();
}

async function nullsIn(
  { query }: DatabaseConnection,
  table: string,
  column: string,
): Promise<TableProblem | undefined> {
  const { count } = await query
    .selectFrom(table)
    .select(sql<number>`count(*)`.as('count'))
    .where(column, 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count) === 0 ? undefined : { column, issue: ISSUE.hasNulls, data: { count } };
}

async function createIndex(
  { query }: DatabaseConnection,
  table: string,
  { name, columns, isUnique, isOfKept = false }: IndexShape,
): Promise<TableProblem | undefined> {
  const index = query.schema
    .createIndex(name)
    .on(table)
    .columns([...columns]);
  const create = isOfKept ? index.where('deletedAt', 'is', null) : index;
  try {
    await (isUnique ? create.unique() : create).execute();
    return undefined;
  } catch (error) {
    if (!(error instanceof DuplicateValueError)) throw error;
    return { column: columns.join(), issue: ISSUE.hasDuplicates, data: { target: error.target } };
  }
}

async function hasRecords({ query }: DatabaseConnection, table: string): Promise<boolean> {
  return (await query.selectFrom(table).select('id').limit(1).execute()).length > 0;
}

// Longest text that MySQL can index as a whole; longer ones are `text`, which no declared index may name.
const VARCHAR_MAX = 768;

function typeOf({ storage, maxLength }: Pick<ColumnShape, 'storage' | 'maxLength'>) {
  switch (storage) {
    case 'integer':
    case 'time':
      return 'bigint';
    case 'boolean':
      return 'integer';
    case 'document':
      return 'text';
    case 'text':
      return maxLength !== undefined && maxLength <= VARCHAR_MAX
        ? (`varchar(${maxLength})` as const)
        : 'text';
  }
}
