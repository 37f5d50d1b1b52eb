import { type CreateTableBuilder, type Expression, sql } from 'kysely';
import { RECORD_FIELDS } from '../../define/condition.ts';
import type { DatabaseConnection, DatabaseDialect } from '../../ports/database.ts';
import { coordinatesOf, placeKeys } from '../records/geo-sql.ts';
import { createLinks } from './link-table.ts';
import type { TableStep } from './table-difference.ts';
import { type ColumnShape, columnOfKey, type IndexShape, isDescending } from './table-shape.ts';

/**
 * Does one step.
 * @throws DuplicateValueError from a unique index, BrokenReferenceError from links and from records that others refer to.
 */
export async function applyStep(
  connection: DatabaseConnection,
  dialect: DatabaseDialect,
  table: string,
  step: TableStep,
): Promise<void> {
  const { schema } = connection.query;
  switch (step.kind) {
    case 'create-table':
      return createTable(connection, table, step.columns);
    case 'clear-references':
      return clearReferences(connection, table, step.columns);
    case 'drop-table':
      return schema.dropTable(table).execute();
    case 'rename-column':
      return schema.alterTable(table).renameColumn(step.from, step.to).execute();
    case 'add-column':
      return addColumn(connection, table, step.column);
    case 'drop-column':
      return dropColumn(connection, table, step.column);
    case 'require':
      // Checked before; nothing of it is in the table: see createTable.
      return;
    case 'create-index':
      return createIndex(connection, dialect, table, step.index);
    case 'drop-index': {
      const drop = schema.dropIndex(step.index.name);
      return (dialect.indexBelongsToTable ? drop.on(table) : drop).execute();
    }
    case 'create-links':
      return createLinks(connection, table, step.links);
    case 'drop-links':
      return schema.dropTable(step.links.name).execute();
    case 'create-search':
      return dialect.textSearch.create(connection, table, step.columns);
    case 'drop-search':
      return dialect.textSearch.drop(connection, table);
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

async function clearReferences(
  { query }: DatabaseConnection,
  table: string,
  columns: readonly string[],
): Promise<void> {
  const nothing = Object.fromEntries(columns.map((name) => [name, null]));
  await query.updateTable(table).set(nothing).execute();
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

async function dropColumn(
  { query }: DatabaseConnection,
  table: string,
  { name }: ColumnShape,
): Promise<void> {
  // Without their mark, deleted records would be back.
  if (name === 'deletedAt') await query.deleteFrom(table).where(name, 'is not', null).execute();
  await query.schema.alterTable(table).dropColumn(name).execute();
}

async function createIndex(
  { query }: DatabaseConnection,
  dialect: DatabaseDialect,
  table: string,
  index: IndexShape,
): Promise<void> {
  const keys = index.columns.flatMap((key) => keysOf(dialect, index, key));
  let create = query.schema
    .createIndex(index.name)
    .on(table)
    .expression(sql`${sql.join(keys)}`);
  if (index.isUnique) create = create.unique();
  if (index.isOfKept === true && dialect.partialIndexes)
    create = create.where(sql`${sql.ref('deletedAt')}`, 'is', null);
  await create.execute();
}

function keysOf(dialect: DatabaseDialect, index: IndexShape, key: string): readonly Expression<unknown>[] {
  if (index.bandsPerDegree !== undefined)
    return placeKeys(coordinatesOf(dialect, sql.ref(columnOfKey(key)), []), index.bandsPerDegree);
  const value = keyValue(dialect, index, key);
  return [isDescending(key) ? sql`${value} desc` : value];
}

function keyValue(dialect: DatabaseDialect, index: IndexShape, key: string): Expression<unknown> {
  const name = key.replace(/ desc$/, '');
  const [, ...path] = name.split('.');
  const column = sql.ref(columnOfKey(key));
  const type = index.paths?.[name];
  if (type !== undefined) return dialect.documentValue(column, path, type);
  // A null is unlike any other null, so what is deleted stands in nobody's way.
  return index.isOfKept === true && !dialect.partialIndexes
    ? sql`(case when ${sql.ref('deletedAt')} is null then ${column} end)`
    : column;
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
