import type { Database, DatabaseConnection } from '../../ports/database.ts';
import type { RecordModel } from './record-model.ts';

/** A record that was deleted softly. */
export interface DeletedRecord {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly deletedAt: number;
}

interface Slice {
  /** Deleted before this time. */
  readonly before: number;
  /** What comes after this one. */
  readonly after: DeletedRecord | undefined;
  readonly atMost: number;
}

/** Records of a collection with `softDelete`, those first that were deleted first. */
export async function deletedRecords(
  { query }: Pick<DatabaseConnection, 'query'>,
  { name }: RecordModel,
  { before, after, atMost }: Slice,
): Promise<readonly DeletedRecord[]> {
  const rows = await query
    .selectFrom(name)
    .select(['id', 'deletedAt'])
    .where('deletedAt', '<', before as never)
    .where('deletedAt', '>=', (after?.deletedAt ?? 0) as never)
    .where((where) =>
      after === undefined
        ? where.and([])
        : where.or([where('deletedAt', '>', after.deletedAt as never), where('id', '>', after.id as never)]),
    )
    .orderBy('deletedAt')
    .orderBy('id')
    .limit(atMost)
    .execute();
  return rows as unknown as readonly DeletedRecord[];
}

/** Removes one for good, unless it was restored meanwhile. @throws BrokenReferenceError when others refer to it. */
export async function removeDeleted(
  { query }: Pick<Database, 'query'>,
  { name }: RecordModel,
  id: string,
  before: number,
): Promise<void> {
  await query
    .deleteFrom(name)
    .where('id', '=', id as never)
    .where('deletedAt', '<', before as never)
    .execute();
}
