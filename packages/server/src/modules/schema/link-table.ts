import type { DatabaseConnection, SqlQuery } from '../../ports/database.ts';
import type { LinkShape } from './table-shape.ts';

type LinkRow = { readonly recordId: string; readonly targetId: string; readonly position: number };

// Records read, and links written, at once: some hundred KiB, and at three values a link far below the 32,766
// parameters that SQLite takes: https://www.sqlite.org/limits.html#max_variable_number
const BATCH = 500;

/**
 * Makes the table of links of a field, with the links of the records that are there. Links of a record go when the
 * record goes; a target cannot go while a link leads to it.
 * @throws BrokenReferenceError when a record names what does not exist.
 */
export async function createLinks(
  connection: DatabaseConnection,
  collection: string,
  { name, field, references }: LinkShape,
): Promise<void> {
  const { schema } = connection.query;
  const key: ('recordId' | 'position')[] = ['recordId', 'position'];
  await schema
    .createTable(name)
    .addColumn('recordId', 'varchar(64)', (column) =>
      column.notNull().references(`${collection}.id`).onDelete('cascade'),
    )
    .addColumn('targetId', 'varchar(64)', (column) => {
      const required = column.notNull();
      return references === undefined ? required : required.references(`${references}.id`);
    })
    .addColumn('position', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint(`${name}_key`, key)
    .execute();
  await schema.createIndex(`${name}_target`).on(name).columns(['targetId', 'recordId']).execute();
  await fillLinks(connection.query, collection, { name, field });
}

async function fillLinks(
  query: SqlQuery,
  collection: string,
  { name, field }: Pick<LinkShape, 'name' | 'field'>,
): Promise<void> {
  let after = '';
  for (;;) {
    const records = await query
      .selectFrom(collection)
      .select(['id', field])
      .where('id', '>', after)
      .where(field, 'is not', null)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    const last = records.at(-1);
    if (last === undefined) return;
    after = last.id as string;
    const links = records.flatMap((record) => linksOf(record.id as string, record[field] as string));
    for (let start = 0; start < links.length; start += BATCH) {
      await query
        .insertInto(name)
        .values(links.slice(start, start + BATCH))
        .execute();
    }
  }
}

function linksOf(recordId: string, ids: string): LinkRow[] {
  const targets: unknown = JSON.parse(ids);
  if (!Array.isArray(targets)) return [];
  return targets.map((target, position) => ({ recordId, targetId: String(target), position }));
}
