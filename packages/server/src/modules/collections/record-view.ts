import type { Condition } from '../../define/condition.ts';
import type { Fields } from '../../define/field.ts';
import type { Column, RecordModel } from '../records/record-model.ts';
import { keysOf, type SortTerm, sortTermsOf } from '../records/sort-terms.ts';
import type { Access } from './access.ts';

/** What of records is answered. */
export interface AnswerShape {
  readonly columns: readonly Column[];
  /** Names of computed fields. */
  readonly computed: readonly string[];
}

/** What callers with the same rights see of a collection's records. Worked out once for each set of rights. */
export interface RecordView {
  /** Columns that are seen, of every record or of some. */
  readonly columns: readonly Column[];
  /** Those of them that are seen only of records that fit a condition. */
  readonly guarded: ReadonlyMap<string, Condition>;
  /** What may be named in filters, sorts and searches: else answers would tell of values that are not seen. */
  readonly namedFields: Fields;
  /** The order of lists, as far as it may be named. */
  readonly sort: readonly SortTerm[];
  /** All of it. */
  readonly shape: AnswerShape;
}

/** @param fieldRead of fields that not everything may be read of. */
export function recordView(model: RecordModel, fieldRead: ReadonlyMap<string, Access>): RecordView {
  const columns = model.visibleColumns.filter(({ name }) => fieldRead.get(name)?.allows !== 'none');
  const guarded = new Map<string, Condition>();
  for (const { name } of columns) {
    const access = fieldRead.get(name);
    if (access?.allows === 'some') guarded.set(name, access.condition);
  }
  const named = columns.filter(({ name }) => !guarded.has(name)).map(({ name, field }) => [name, field]);
  const namedFields: Fields = Object.fromEntries(named);
  return {
    ...{ columns, guarded, namedFields },
    sort: nameableSort(model, namedFields),
    shape: { columns, computed: Object.keys(model.declared.computed) },
  };
}

/** Cursors show what a list is ordered by, and so does the order: it ends before the first field that is not to be seen. */
function nameableSort({ sort }: RecordModel, namedFields: Fields): readonly SortTerm[] {
  const end = sort.findIndex(({ field }) => !Object.hasOwn(namedFields, field.split('.')[0] ?? ''));
  if (end === -1) return sort;
  return sortTermsOf(keysOf(sort.slice(0, end)));
}
