import { limits } from '@maque/contract';
import { type AnyPersonal, fieldsOfPersons } from '../../define/personal.ts';
import type { DatabaseConnection } from '../../ports/index.ts';
import { rightsOf } from '../collections/rights.ts';
import { type Link, linkNamed, type RecordModel, recordOf } from '../records/record-model.ts';
import type { RecordSession } from '../records/record-session.ts';
import { rowsWithin, storedBytes } from '../records/row-bytes.ts';
import type { UserRow } from '../users/user-store.ts';

/** A field that names those whose a record is. */
export interface PersonalField {
  readonly name: string;
  /** Where it names several. */
  readonly link: Link | undefined;
}

export interface PersonalCollection extends Omit<AnyPersonal, 'user'> {
  readonly model: RecordModel;
  readonly users: readonly PersonalField[];
}

/** The collections whose records are somebody's, and the names of those that have not said it though they name users. */
export function personalCollections(models: readonly RecordModel[]): {
  readonly declared: readonly PersonalCollection[];
  readonly undeclared: readonly string[];
} {
  return {
    declared: models.flatMap((model) => {
      const { personal } = model.declared;
      if (personal === undefined || personal === false) return [];
      const users = fieldsOfPersons(personal).map((name) => ({ name, link: linkNamed(model, name) }));
      return [{ ...personal, model, users }];
    }),
    undeclared: models
      .filter(({ declared }) => declared.personal === undefined && namesUsers(declared.fields))
      .map(({ name }) => name),
  };
}

function namesUsers(fields: RecordModel['declared']['fields']): boolean {
  return Object.values(fields).some(({ spec }) => spec.kind === 'user' || spec.kind === 'users');
}

/** The ids of records that name a user in a field, of those that were deleted softly too. */
export async function recordsNaming(
  { query }: DatabaseConnection,
  { name: collection }: RecordModel,
  { name, link }: PersonalField,
  userId: string,
  atMost: number,
): Promise<readonly string[]> {
  const naming =
    link === undefined
      ? query
          .selectFrom(collection)
          .select('id')
          .where(name, '=', userId as never)
      : query
          .selectFrom(link.table)
          .select('recordId as id')
          .where('targetId', '=', userId as never);
  return (await naming.limit(atMost).execute()).map(({ id }) => id as string);
}

/** Who made a record and who changed it last. */
export interface Authorship {
  readonly id: string;
  readonly createdBy: string | null;
  readonly updatedBy: string | null;
}

/** Some records of a collection with `authors`, in the order of their ids. @param after the last id of those before. */
export async function authorsOf(
  { query }: Pick<DatabaseConnection, 'query'>,
  { name }: RecordModel,
  after: string,
  atMost: number,
): Promise<readonly Authorship[]> {
  const rows = await query
    .selectFrom(name)
    .select(['id', 'createdBy', 'updatedBy'])
    .where('id', '>', after as never)
    .orderBy('id')
    .limit(atMost)
    .execute();
  return rows as unknown as readonly Authorship[];
}

/**
 * The records that name a user in one field and in none before it, by their ids, a page at a time, with the fields that
 * their user may see by the rules of fields: what is not theirs to see of some records is null there, and what is never is
 * left out. A page holds no more than `limits.pageBytes` if it has more than one record; an empty one is the end.
 * @param position of the field among `users`.
 * @param after the last id of the page before.
 */
export async function recordsOf(
  { connection, store }: RecordSession,
  { model, users }: PersonalCollection,
  position: number,
  { id: userId, roles }: Pick<UserRow, 'id' | 'roles'>,
  after: string,
  atMost: number,
): Promise<readonly Record<string, unknown>[]> {
  const { query } = connection;
  let found = query
    .selectFrom(model.name)
    .where('id', '>', after as never)
    .orderBy('id');
  for (const [index, { name, link }] of users.slice(0, position + 1).entries()) {
    const isHere = index === position;
    if (link !== undefined) {
      const named = query
        .selectFrom(link.table)
        .select('recordId')
        .where('targetId', '=', userId as never);
      found = found.where('id', isHere ? 'in' : 'not in', named);
    } else if (isHere) {
      found = found.where(name, '=', userId as never);
    } else {
      found = found.where((where) => where.or([where(name, 'is', null), where(name, '!=', userId as never)]));
    }
  }
  let length = atMost;
  if (atMost * model.widestRow > limits.pageBytes) {
    const measured = found.select('id').select(storedBytes(model.columns, model.name)).limit(atMost);
    length = rowsWithin(await connection.arrays(measured.compile()), limits.pageBytes);
  }
  const statement = found
    .select([...model.columnNames])
    .limit(length)
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
