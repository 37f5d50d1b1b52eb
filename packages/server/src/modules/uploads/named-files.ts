import type { DatabaseConnection } from '../../ports/index.ts';
import type { RecordModel } from '../records/record-model.ts';
import { UPLOADS_TABLE } from '../records/table-name.ts';
import { idsOfAddresses } from './upload-address.ts';

/** A column of ids of files: of a `file` field, or of the links behind a `files` field. It has an index. */
export interface FileColumn {
  readonly table: string;
  readonly column: string;
}

/** Columns of a table whose texts may have addresses of files in them. */
export interface TextColumns {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Rows read at once of a table that is looked through: some milliseconds, after which others have their turn. */
const SLICE = 500;
/** `/api/uploads/` and 32 letters; what is shorter holds no address. */
const ADDRESS_LENGTH = 45;

export function fileColumnsOf(models: readonly RecordModel[]): readonly FileColumn[] {
  return models.flatMap(({ name, columns, links }) => [
    ...columns
      .filter(({ references }) => references === UPLOADS_TABLE)
      .map((column) => ({ table: name, column: column.name })),
    ...links
      .filter(({ references }) => references === UPLOADS_TABLE)
      .map(({ table }) => ({ table, column: 'targetId' })),
  ]);
}

/** Texts, rich texts and documents of collections: apps of before there were file fields keep addresses in them. */
export function textColumnsOf(models: readonly RecordModel[]): readonly TextColumns[] {
  return models
    .map(({ name, columns }) => ({
      table: name,
      columns: columns.filter(({ field }) => holdsText(field.spec)).map((column) => column.name),
    }))
    .filter(({ columns }) => columns.length > 0);
}

function holdsText(spec: RecordModel['columns'][number]['field']['spec']): boolean {
  switch (spec.kind) {
    case 'text':
      return spec.maxLength >= ADDRESS_LENGTH;
    case 'richText':
    case 'json':
    case 'object':
    case 'list':
      return true;
    default:
      return false;
  }
}

/** Takes those ids away that one of the columns has. */
export async function dropNamedByFields(
  { query }: Pick<DatabaseConnection, 'query'>,
  columns: readonly FileColumn[],
  ids: Set<string>,
): Promise<void> {
  for (const { table, column } of columns) {
    if (ids.size === 0) return;
    const rows = await query
      .selectFrom(table)
      .select(column)
      .distinct()
      .where(column, 'in', [...ids])
      .execute();
    for (const row of rows) ids.delete(String(row[column]));
  }
}

/** Takes those ids away whose addresses stand in a text. Reads whole tables, a slice at a time. */
export async function dropNamedByTexts(
  { query }: Pick<DatabaseConnection, 'query'>,
  texts: readonly TextColumns[],
  ids: Set<string>,
  pause: () => Promise<void>,
): Promise<void> {
  for (const { table, columns } of texts) {
    let after = '';
    while (ids.size > 0) {
      const rows = await query
        .selectFrom(table)
        .select(['id', ...columns])
        .where('id', '>', after)
        .orderBy('id')
        .limit(SLICE)
        .execute();
      for (const row of rows) {
        for (const column of columns) for (const id of idsOfAddresses(String(row[column]))) ids.delete(id);
      }
      if (rows.length < SLICE) break;
      after = String(rows.at(-1)?.id);
      await pause();
    }
  }
}
