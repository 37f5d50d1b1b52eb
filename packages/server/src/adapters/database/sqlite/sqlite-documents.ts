import { type Expression, type SqlBool, sql } from 'kysely';
import type { DatabaseDialect, DocumentType } from '../../../ports/database.ts';

/**
 * JSON in SQLite is text: https://www.sqlite.org/json1.html. A document that is read twice in a row is parsed once, as
 * SQLite keeps the last few that it parsed.
 */
export const sqliteDocuments = {
  documentValue(column, path, type): Expression<unknown> {
    const place = placeOf(path);
    const kind = sql`json_type(${column}, ${place})`;
    const value = sql`json_extract(${column}, ${place})`;
    switch (type) {
      case 'text':
        return sql`case ${kind} when 'text' then ${value} end`;
      case 'number':
        return sql`case ${kind} when 'integer' then ${value} when 'real' then ${value} end`;
      case 'boolean':
        return sql`case ${kind} when 'true' then 1 when 'false' then 0 end`;
    }
  },

  documentHas(column, path, type, value): Expression<SqlBool> {
    const items = sql`json_each(${column}, ${placeOf(path)}) as _item`;
    // json_each takes a value that is no list for a list of it.
    const isList = sql<SqlBool>`json_type(${column}, ${placeOf(path)}) = 'array'`;
    return sql<SqlBool>`(${isList} and exists (select 1 from ${items} where _item.type in (${TYPES[type]}) and _item.value = ${value}))`;
  },
} satisfies Pick<DatabaseDialect, 'documentValue' | 'documentHas'>;

const TYPES: Readonly<Record<DocumentType, Expression<unknown>>> = {
  text: sql`'text'`,
  number: sql`'integer', 'real'`,
  boolean: sql`'true', 'false'`,
};

/** `$.address.city`, as a literal: an index is found by the text of its expression. */
function placeOf(path: readonly string[]): Expression<string> {
  return sql.lit(['$', ...path].join('.'));
}
