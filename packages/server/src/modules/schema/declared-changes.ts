import type { RecordModel } from '../records/record-model.ts';
import type { TableChange } from './schema-plan.ts';
import type { Renames } from './table-difference.ts';
import { type TableShape, tableShapeOf } from './table-shape.ts';

/**
 * What to do about columns and tables that nothing declares any more. A start keeps them: code of the version before may
 * still be serving from them, and the other way round the columns do no harm, as they allow null.
 */
export type Unused = 'keep' | 'drop';

/** What differs between the tables that are there and those that are declared. */
export function declaredChanges(
  shapes: ReadonlyMap<string, TableShape>,
  models: readonly RecordModel[],
  unused: Unused,
): readonly TableChange[] {
  const declared = models.map((model): TableChange => {
    const before = shapes.get(model.name);
    const wanted = tableShapeOf(model);
    const renames = renamesOf(model);
    const after = unused === 'keep' && before !== undefined ? withUnused(wanted, before, renames) : wanted;
    return { table: model.name, before, after, renames };
  });
  const names = new Set(models.map(({ name }) => name));
  const removed = [...shapes].flatMap(([table, before]) =>
    unused === 'keep' || names.has(table) ? [] : [{ table, before, renames: {} }],
  );
  return [...declared.filter(isChange), ...removed];
}

function isChange({ before, after }: TableChange): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

function renamesOf({ declared }: RecordModel): Renames {
  return Object.fromEntries(
    Object.entries(declared.fields).flatMap(([name, { formerName }]) =>
      formerName === undefined ? [] : [[name, formerName]],
    ),
  );
}

function withUnused(wanted: TableShape, before: TableShape, renames: Renames): TableShape {
  const names = new Set(before.columns.map(({ name }) => name));
  const taken = new Set(
    wanted.columns.flatMap(({ name }) => {
      const from = renames[name];
      return from === undefined || names.has(name) ? [name] : [name, from];
    }),
  );
  const unused = before.columns.filter(({ name }) => !taken.has(name));
  return { ...wanted, columns: [...wanted.columns, ...unused.map((one) => ({ ...one, isRequired: false }))] };
}
