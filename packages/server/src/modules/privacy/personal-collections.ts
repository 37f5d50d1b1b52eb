import type { AnyPersonal } from '../../define/personal.ts';
import type { DatabaseConnection } from '../../ports/index.ts';
import { type RecordModel, recordOf } from '../records/record-model.ts';

export interface PersonalCollection extends AnyPersonal {
  readonly model: RecordModel;
}

/** The collections whose records are somebody's, and the names of those that have not said it though they name users. */
export function personalCollections(models: readonly RecordModel[]): {
  readonly declared: readonly PersonalCollection[];
  readonly undeclared: readonly string[];
} {
  return {
    declared: models.flatMap((model) => {
      const { personal } = model.declared;
      return personal === undefined || personal === false ? [] : [{ ...personal, model }];
    }),
    undeclared: models
      .filter(({ declared }) => declared.personal === undefined && namesUsers(declared.fields))
      .map(({ name }) => name),
  };
}

function namesUsers(fields: RecordModel['declared']['fields']): boolean {
  return Object.values(fields).some(({ spec }) => spec.kind === 'user' || spec.kind === 'users');
}

/** Ids of records that name a user, those that were deleted softly among them. */
export async function idsOf(
  { query }: DatabaseConnection,
  { model, user }: PersonalCollection,
  userId: string,
  atMost: number,
): Promise<readonly string[]> {
  const rows = await query
    .selectFrom(model.name)
    .select('id')
    .where(user, '=', userId as never)
    .limit(atMost)
    .execute();
  return rows.map(({ id }) => id as string);
}

/** The same records by their ids, a page at a time, as their user may see them. @param after the last id of the page before. */
export async function recordsOf(
  connection: DatabaseConnection,
  { model, user }: PersonalCollection,
  userId: string,
  after: string,
  atMost: number,
): Promise<readonly Record<string, unknown>[]> {
  const statement = connection.query
    .selectFrom(model.name)
    .select([...model.columnNames])
    .where(user, '=', userId as never)
    .where('id', '>', after as never)
    .orderBy('id')
    .limit(atMost)
    .compile();
  const visible = new Set(model.visibleColumns.map(({ name }) => name));
  return (await connection.arrays(statement)).map((row) =>
    Object.fromEntries(Object.entries(recordOf(model, row)).filter(([name]) => visible.has(name))),
  );
}
