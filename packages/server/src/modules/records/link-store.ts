import { errors } from '@maque/contract';
import { Issues } from '../../define/check-value.ts';
import type { Database, DatabaseConnection } from '../../ports/database.ts';
import { NO_SUCH_RECORD } from './record-input.ts';
import type { Link, RecordModel } from './record-model.ts';
import { bindTemplate, Slot, type StatementTemplate, StatementTemplates } from './statement-template.ts';

// Links are inserted by 256, 128 … 1 rows, each size one statement: 1,000 ids take 7, and none has more than 768 values.
const MAX_ROWS = 256;
const VALUES_PER_ROW = 3;
// Twenty fields of several ids, at ten statements each.
const MAX_TEMPLATES = 200;

/** Writes the rows behind fields of several ids. Each call belongs into the transaction that writes the record. */
export class LinkStore {
  readonly #database: Pick<Database, 'query'>;
  readonly #templates = new StatementTemplates(MAX_TEMPLATES);

  /** @param database whose dialect compiles; the connection to run on comes with each call. */
  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  /** Of a record that was just inserted. @throws BrokenReferenceError for the id of no record. */
  async insert(
    connection: DatabaseConnection,
    link: Link,
    recordId: string,
    ids: readonly string[],
  ): Promise<void> {
    for (let start = 0; start < ids.length; ) {
      const size = Math.min(MAX_ROWS, 2 ** Math.floor(Math.log2(ids.length - start)));
      const rows = ids.slice(start, start + size);
      const values = rows.flatMap((id, index) => [recordId, id, start + index]);
      await connection.run(bindTemplate(this.#insertTemplate(link, size), values));
      start += size;
    }
  }

  /** Instead of those that the record has. @throws BrokenReferenceError for the id of no record. */
  async replace(
    connection: DatabaseConnection,
    link: Link,
    recordId: string,
    ids: readonly string[],
  ): Promise<void> {
    const template = this.#templates.get(`clear ${link.table}`, () =>
      this.#database.query.deleteFrom(link.table).where('recordId', '=', new Slot(0)),
    );
    await connection.run(bindTemplate(template, [recordId]));
    await this.insert(connection, link, recordId, ids);
  }

  #insertTemplate({ table }: Link, rows: number): StatementTemplate {
    return this.#templates.get(`insert ${table} ${rows}`, () =>
      this.#database.query.insertInto(table).values(
        Array.from({ length: rows }, (_, row) => ({
          recordId: new Slot(row * VALUES_PER_ROW),
          targetId: new Slot(row * VALUES_PER_ROW + 1),
          position: new Slot(row * VALUES_PER_ROW + 2),
        })),
      ),
    );
  }
}

/** The ids of one field of a record. */
export interface LinkedIds {
  readonly link: Link;
  readonly ids: readonly string[];
}

/** What a record, or a change of one, has to have written beside it. */
export function linksIn(
  { links }: RecordModel,
  values: Readonly<Record<string, unknown>>,
): readonly LinkedIds[] {
  return links.flatMap((link) => {
    const ids = values[link.field] as readonly string[] | null | undefined;
    return ids === undefined ? [] : [{ link, ids: ids ?? [] }];
  });
}

/**
 * Looks for the ids before anything is written: a foreign key would refuse one row of many, and leave a record without
 * the rest of its links to a transaction that goes on.
 * @throws CodedError VALIDATION_FAILED with the place of each id that there is not.
 */
export async function refuseUnknownTargets(
  { query }: Pick<DatabaseConnection, 'query'>,
  linked: readonly LinkedIds[],
): Promise<void> {
  const issues = new Issues();
  for (const { link, ids } of linked) {
    if (link.references === undefined || ids.length === 0) continue;
    const found = await query.selectFrom(link.references).select('id').where('id', 'in', ids).execute();
    const known = new Set(found.map(({ id }) => id));
    for (const [index, id] of ids.entries()) {
      if (!known.has(id)) issues.add(`${link.field}.${index}`, NO_SUCH_RECORD);
    }
  }
  if (!issues.isEmpty) throw errors.VALIDATION_FAILED({ details: issues.list });
}
