import { type Expression, sql } from 'kysely';
import type { DatabaseConnection } from '../../../ports/database.ts';
import type { TextRun } from '../../../ports/text-runs.ts';
import type { SearchColumn, TextMatch, TextSearch } from '../../../ports/text-search.ts';
import { pairsOf, wordsOf } from './sqlite-words.ts';

/** The function that the triggers call. Every connection that writes must know it. */
export const WORDS_FUNCTION = 'maque_words';

/** `maque_words(text, isHtml)`; null of null. */
export function wordsFunction(text: unknown, isHtml: unknown): string | null {
  return typeof text === 'string' ? wordsOf(text, isHtml === 1) : null;
}

/**
 * Two tables beside a table of records. One gives each record a number, as FTS5 knows rows by numbers and a record's
 * rowid may change with `vacuum`; the other is the index alone, without a copy of the text (`content=''`), which since
 * SQLite 3.43 can be updated: https://www.sqlite.org/fts5.html#contentless_delete_tables
 * Triggers fill both, so that nothing that writes can forget it; a change of other columns costs nothing.
 */
export const sqliteTextSearch: TextSearch = Object.freeze({
  async create(connection: DatabaseConnection, table: string, columns: readonly SearchColumn[]) {
    for (const statement of [...creation(table, columns), ...filling(table, columns)]) {
      await connection.run({ sql: statement, parameters: [] });
    }
  },

  async drop(connection: DatabaseConnection, table: string) {
    const { inserted, updated, deleted, numbers, words } = namesOf(table);
    for (const trigger of [inserted, updated, deleted]) {
      await connection.run({ sql: `drop trigger ${trigger}`, parameters: [] });
    }
    for (const name of [words, numbers]) await connection.run({ sql: `drop table ${name}`, parameters: [] });
  },

  matching(table: string, _columns: unknown, pattern: Expression<string>) {
    const { words, numbers } = namesOf(table);
    // The hidden column of the same name as the table is what `match` is asked of.
    return sql`(select w.rowid as place, n."recordId" as "recordId" from ${sql.raw(words)} as w
      join ${sql.raw(numbers)} as n on n.place = w.rowid where w.${sql.raw(words)} match ${pattern})`;
  },

  pattern({ runs, within, beyond }: TextMatch) {
    const all = runs.map(phraseOf).join(' AND ');
    const found = `{${within.map(quoted).join(' ')}} : (${all})`;
    if (beyond.length === 0) return found;
    const before = beyond.map((column) => `({${quoted(column)}} : (${all}))`).join(' OR ');
    return `(${found}) NOT (${before})`;
  },
});

/** A run as FTS5 looks for it. Runs are letters and digits, so a quotation mark ends none of them. */
function phraseOf({ text, isSpaced }: TextRun): string {
  const pairs = isSpaced ? [] : pairsOf(text);
  return pairs.length === 0 ? `"${text}"*` : `"${pairs.join(' ')}"`;
}

function creation(table: string, columns: readonly SearchColumn[]): string[] {
  const { inserted, updated, deleted, numbers, words } = namesOf(table);
  const names = columns.map(({ name }) => quoted(name));
  const values = columns.map((column) => wordsSql('new', column));
  const changes = names.map((name, index) => `${name} = ${values[index]}`);
  const differences = names.map((name) => `old.${name} is not new.${name}`);
  const of = (row: string) => `(select place from ${numbers} where "recordId" = ${row}."id")`;
  return [
    `create table ${numbers} (place integer primary key, "recordId" varchar(64) not null unique)`,
    `create virtual table ${words} using fts5(${names.join(', ')}, content='', contentless_delete=1,` +
      ` tokenize='unicode61 remove_diacritics 2', prefix='1')`,
    `create trigger ${inserted} after insert on ${quoted(table)} begin
      insert into ${numbers} ("recordId") values (new."id");
      insert into ${words} (rowid, ${names.join(', ')}) values (last_insert_rowid(), ${values.join(', ')});
    end`,
    `create trigger ${updated} after update of ${names.join(', ')} on ${quoted(table)}
      when ${differences.join(' or ')} begin
      update ${words} set ${changes.join(', ')} where rowid = ${of('new')};
    end`,
    `create trigger ${deleted} after delete on ${quoted(table)} begin
      delete from ${words} where rowid = ${of('old')};
      delete from ${numbers} where "recordId" = old."id";
    end`,
  ];
}

/** In the order in which the records came, which their ids begin with. */
function filling(table: string, columns: readonly SearchColumn[]): string[] {
  const { numbers, words } = namesOf(table);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const values = columns.map((column) => wordsSql('r', column)).join(', ');
  return [
    `insert into ${numbers} ("recordId") select "id" from ${quoted(table)} order by "createdAt", "id"`,
    `insert into ${words} (rowid, ${names}) select n.place, ${values}
      from ${numbers} as n join ${quoted(table)} as r on r."id" = n."recordId" order by n.place`,
  ];
}

function wordsSql(row: string, { name, isHtml }: SearchColumn): string {
  return `${WORDS_FUNCTION}(${row}.${quoted(name)}, ${isHtml ? 1 : 0})`;
}

/** No collection's own table begins with `maque_`. */
function namesOf(table: string) {
  return {
    numbers: quoted(`maque_search_${table}`),
    words: quoted(`maque_words_${table}`),
    inserted: quoted(`maque_search_${table}_inserted`),
    updated: quoted(`maque_search_${table}_updated`),
    deleted: quoted(`maque_search_${table}_deleted`),
  };
}

/** Names are letters, digits and `_`, checked where they are declared. */
function quoted(name: string): string {
  return `"${name}"`;
}
