import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { DynamicTables } from '../../ports/database.ts';
import type { RecordModel } from './record-model.ts';

/** What keeps softly deleted records out of a query, or lets nothing else in; nothing where deletion is for good. */
export function deletionTest(
  where: ExpressionBuilder<DynamicTables, string>,
  { declared }: RecordModel,
  of: 'kept' | 'deleted',
): readonly Expression<SqlBool>[] {
  if (declared.softDelete === undefined) return [];
  return [where('deletedAt', of === 'kept' ? 'is' : 'is not', null)];
}
