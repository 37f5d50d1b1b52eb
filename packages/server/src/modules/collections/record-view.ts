import type { Condition } from '../../define/condition.ts';
import type { Fields } from '../../define/field.ts';
import type { Column, RecordModel } from '../records/record-model.ts';
import type { Access } from './access.ts';

/** What callers with the same rights see of a collection's records. Worked out once for each set of rights. */
export interface RecordView {
  /** Columns that are seen, of every record or of some. */
  readonly columns: readonly Column[];
  /** Those of them that are seen only of records that fit a condition. */
  readonly guarded: ReadonlyMap<string, Condition>;
  /** What may be named in filters, sorts and searches: else answers would tell of values that are not seen. */
  readonly namedFields: Fields;
}

/** @param fieldRead of fields that not everything may be read of. */
export function recordView(
  { fields, visibleColumns }: RecordModel,
  fieldRead: ReadonlyMap<string, Access>,
): RecordView {
  const columns = visibleColumns.filter(({ name }) => fieldRead.get(name)?.allows !== 'none');
  const guarded = new Map<string, Condition>();
  for (const { name } of columns) {
    const access = fieldRead.get(name);
    if (access?.allows === 'some') guarded.set(name, access.condition);
  }
  const named = columns.filter(({ name }) => !guarded.has(name)).map(({ name }) => [name, fields[name]]);
  return { columns, guarded, namedFields: Object.fromEntries(named) };
}
