import { errors } from '@maque/contract';
import { Issues } from '../../define/check-value.ts';
import type { DatabaseConnection } from '../../ports/database.ts';
import { NO_SUCH_RECORD } from './record-input.ts';
import type { RecordModel } from './record-model.ts';

/**
 * Refuses new relations to records that were deleted softly: to a foreign key they are still there.
 * @param before the record that is changed. What it refers to already it may go on referring to.
 * @throws CodedError VALIDATION_FAILED with the place of each that leads to one.
 */
export async function refuseDeletedTargets(
  { query }: Pick<DatabaseConnection, 'query'>,
  model: RecordModel,
  values: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const issues = new Issues();
  for (const name of model.perishable) {
    const known = new Set(idsIn(before[name]));
    const given = idsIn(values[name]);
    const ids = given.filter((id) => !known.has(id));
    if (ids.length === 0) continue;
    const found = await query
      .selectFrom(model.behind(name).name)
      .select('id')
      .where('id', 'in', ids as never)
      .where('deletedAt', 'is not', null)
      .execute();
    const deleted = new Set(found.map(({ id }) => id));
    for (const [index, id] of given.entries()) {
      if (deleted.has(id))
        issues.add(Array.isArray(values[name]) ? `${name}.${index}` : name, NO_SUCH_RECORD);
    }
  }
  if (!issues.isEmpty) throw errors.VALIDATION_FAILED({ details: issues.list });
}

function idsIn(value: unknown): readonly string[] {
  return [value ?? []].flat() as string[];
}
