import { errors } from '@maque/contract';
import { Issues } from '../../define/check-value.ts';
import type { DatabaseConnection } from '../../ports/database.ts';
import { NO_SUCH_RECORD } from './record-input.ts';
import type { RecordModel } from './record-model.ts';

/**
 * Refuses relations to records that were deleted softly: to a foreign key they are still there.
 * @throws CodedError VALIDATION_FAILED with the fields that lead to one.
 */
export async function refuseDeletedTargets(
  { query }: Pick<DatabaseConnection, 'query'>,
  model: RecordModel,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  const issues = new Issues();
  for (const name of model.perishable) {
    const ids = [values[name] ?? []].flat() as string[];
    if (ids.length === 0) continue;
    const deleted = await query
      .selectFrom(model.behind(name).name)
      .select('id')
      .where('id', 'in', ids as never)
      .where('deletedAt', 'is not', null)
      .limit(1)
      .execute();
    if (deleted.length > 0) issues.add(name, NO_SUCH_RECORD);
  }
  if (!issues.isEmpty) throw errors.VALIDATION_FAILED({ details: issues.list });
}
