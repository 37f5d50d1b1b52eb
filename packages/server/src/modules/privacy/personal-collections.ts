import type { AnyPersonal } from '../../define/personal.ts';
import type { DatabaseConnection } from '../../ports/index.ts';
import { rightsOf } from '../collections/rights.ts';
import { type RecordModel, recordOf } from '../records/record-model.ts';
import type { RecordSession } from '../records/record-session.ts';
import type { UserRow } from '../users/user-store.ts';

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

/** A record that names a user. */
export interface Trace {
  readonly id: string;
  /** Whether it says besides that the user created it. */
  readonly isAuthor: boolean;
}

/** Records that name a user, those that were deleted softly among them. */
export async function tracesOf(
  { query }: DatabaseConnection,
  { model, user }: PersonalCollection,
  userId: string,
  atMost: number,
): Promise<readonly Trace[]> {
  const rows = await query
    .selectFrom(model.name)
    .select(model.declared.authors ? ['id', 'createdBy'] : ['id'])
    .where(user, '=', userId as never)
    .limit(atMost)
    .execute();
  return rows.map(({ id, createdBy }) => ({ id: id as string, isAuthor: createdBy === userId }));
}

/**
 * The same records by their ids, a page at a time, with the fields that their user may see by the rules of fields: what is
 * not theirs to see of some records is null there, and what is never is left out. @param after the last id of the page before.
 */
export async function recordsOf(
  { connection, store }: RecordSession,
  { model, user }: PersonalCollection,
  { id: userId, roles }: Pick<UserRow, 'id' | 'roles'>,
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
  const records = (await connection.arrays(statement)).map((row) => recordOf(model, row));
  const { columns, guarded } = rightsOf(model, { kind: 'user', roles: new Set(roles) }).view;
  const seenOf = new Map<string, ReadonlySet<unknown>>();
  for (const [name, condition] of records.length === 0 ? [] : guarded) {
    const operands = records.map(({ id }) => id as string);
    const rows = await store.lists.select(connection, model, {
      condition: { kind: 'all', parts: [{ kind: 'in', field: 'id', operands, negated: false }, condition] },
      callerId: userId,
      sort: [{ field: 'id', descending: false }],
      limit: atMost,
      columns: model.columns.slice(0, 1),
    });
    seenOf.set(name, new Set(rows.map(([id]) => id)));
  }
  const isSeen = (name: string, { id }: Record<string, unknown>) => seenOf.get(name)?.has(id) ?? true;
  return records.map((record) =>
    Object.fromEntries(columns.map(({ name }) => [name, isSeen(name, record) ? record[name] : null])),
  );
}
