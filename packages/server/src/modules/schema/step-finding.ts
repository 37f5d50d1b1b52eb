import type { ErrorFault, Text, TextData } from '@maque/kit';
import { sql } from 'kysely';
import type { DatabaseConnection } from '../../ports/database.ts';
import { SCHEMA_ISSUE } from './schema-issues.ts';
import type { TableChange } from './schema-plan.ts';
import type { TableStep } from './table-difference.ts';
import type { ColumnShape, IndexShape } from './table-shape.ts';

/** Something in a table that a step would lose or that makes it impossible. */
export interface StepFinding {
  readonly kind: 'obstacle' | 'loss';
  readonly fault: ErrorFault;
}

/** What a table, as it is before any step, says about a step. */
export async function findingOf(
  connection: DatabaseConnection,
  change: TableChange,
  step: TableStep,
): Promise<StepFinding | undefined> {
  const { table, before } = change;
  if (before === undefined) return undefined;
  switch (step.kind) {
    case 'drop-table': {
      const count = await countRows(connection, table);
      return count === 0
        ? undefined
        : finding('loss', `collections.${table}`, SCHEMA_ISSUE.tableRemoved, { count });
    }
    case 'drop-column':
      return dropFinding(connection, table, step);
    case 'add-column': {
      const { isRequired, fill, name } = step.column;
      const count = isRequired && fill === undefined ? await countRows(connection, table) : 0;
      return count === 0
        ? undefined
        : finding('obstacle', pathOf(table, name), SCHEMA_ISSUE.needsFill, { count });
    }
    case 'require': {
      const count = await countNulls(connection, table, nameBefore(change, step.column));
      return count === 0
        ? undefined
        : finding('obstacle', pathOf(table, step.column), SCHEMA_ISSUE.hasNulls, { count });
    }
    case 'create-index':
      return (await hasDuplicates(connection, change, step.index))
        ? finding('obstacle', pathOf(table, step.index.columns.join()), SCHEMA_ISSUE.hasDuplicates, {})
        : undefined;
    default:
      return undefined;
  }
}

async function dropFinding(
  connection: DatabaseConnection,
  table: string,
  { column, becomes }: TableStep & { readonly kind: 'drop-column' },
): Promise<StepFinding | undefined> {
  const count = await countValues(connection, table, column);
  if (count === 0) return undefined;
  const path = pathOf(table, column.name);
  if (becomes === undefined) return finding('loss', path, SCHEMA_ISSUE.columnRemoved, { count });
  const data = { count, before: kindOf(column), after: kindOf(becomes) };
  return finding('loss', path, SCHEMA_ISSUE.columnReplaced, data);
}

function kindOf({ storage, references }: ColumnShape): string {
  return references === undefined ? storage : `${storage} → ${references}`;
}

function finding(kind: StepFinding['kind'], path: string, issue: Text, data: TextData): StepFinding {
  return { kind, fault: { path, issue, data } };
}

export function pathOf(table: string, column: string): string {
  return `collections.${table}.fields.${column}`;
}

function nameBefore({ before, renames }: TableChange, column: string): string {
  const isKnown = before?.columns.some(({ name }) => name === column) === true;
  return isKnown ? column : (renames[column] ?? column);
}

async function countRows({ query }: DatabaseConnection, table: string): Promise<number> {
  const { count } = await query
    .selectFrom(table)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function countNulls({ query }: DatabaseConnection, table: string, column: string): Promise<number> {
  const { count } = await query
    .selectFrom(table)
    .select(sql<number>`count(*)`.as('count'))
    .where(column, 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Values that somebody gave: what the column was filled with when it was added is no loss. */
async function countValues(
  { query }: DatabaseConnection,
  table: string,
  { name, fill }: ColumnShape,
): Promise<number> {
  const given = query.selectFrom(table).select(sql<number>`count(*)`.as('count')).where(name, 'is not', null);
  const { count } = await (fill === undefined || fill === null
    ? given
    : given.where(name, '!=', fill)
  ).executeTakeFirstOrThrow();
  return Number(count);
}

/** Whether a unique index cannot be made of the values that are there. */
async function hasDuplicates(
  { query }: DatabaseConnection,
  change: TableChange,
  { columns, isUnique, isOfKept }: IndexShape,
): Promise<boolean> {
  const [key = ''] = columns;
  const column = nameBefore(change, key);
  const known = new Set(change.before?.columns.map(({ name }) => name));
  if (!isUnique || !known.has(column)) return false;
  let shared = query.selectFrom(change.table).select(column).where(column, 'is not', null);
  if (isOfKept === true && known.has('deletedAt')) shared = shared.where('deletedAt', 'is', null);
  const [one] = await shared.groupBy(column).having(sql<boolean>`count(*) > 1`).limit(1).execute();
  return one !== undefined;
}
