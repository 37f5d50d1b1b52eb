import { type DatabaseConnection, insertUnlessTaken, type Migration } from '../../ports/index.ts';

/** What was answered to a request that came with an Idempotency-Key. */
export interface KeptAnswer {
  /** JSON. */
  readonly text: string;
  /** Of the version of the record in it; null where there is none. */
  readonly tag: string | null;
}

/** A key of one caller. */
export interface CallerKey {
  /** `user:…`, `staff:…`, `machine:…`, or `anonymous`. */
  readonly caller: string;
  /** A hash: databases compare texts without regard to case, and keys differ by it. */
  readonly keyHash: string;
}

/** What is kept of an answer: all of it, or what it can be made again from. */
export interface KeptForm extends KeptAnswer {
  /** The ids of the records that the request has made, as JSON, where the answer is too long to be kept; then it is empty. */
  readonly createdIds: string | null;
}

export interface KeptRequest extends KeptForm {
  /** Of the whole request: the same for the same one only. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export const idempotencyMigrations: readonly Migration[] = [
  {
    id: '0030-idempotency-keys',
    async up({ schema }) {
      await schema
        .createTable('maque_idempotency_keys')
        .addColumn('caller', 'varchar(64)', (column) => column.notNull())
        .addColumn('keyHash', 'varchar(64)', (column) => column.notNull())
        .addColumn('digest', 'varchar(64)', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addColumn('tag', 'varchar(20)')
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('maque_idempotency_keys_key', ['caller', 'keyHash'])
        .execute();
      await schema
        .createIndex('maque_idempotency_keys_age')
        .on('maque_idempotency_keys')
        .column('createdAt')
        .execute();
    },
  },
];

/** Long answers are made again, and the keys of one caller are found by their age. */
export const idempotencyBoundMigrations: readonly Migration[] = [
  {
    id: '0031-idempotency-bounds',
    async up({ schema }) {
      await schema.alterTable('maque_idempotency_keys').addColumn('createdIds', 'text').execute();
      await schema
        .createIndex('maque_idempotency_keys_caller_age')
        .on('maque_idempotency_keys')
        .columns(['caller', 'createdAt'])
        .execute();
    },
  },
];

const INSERT =
  "insert into maque_idempotency_keys (caller, keyHash, digest, text, createdAt) values (?, ?, ?, '', ?)";
const FIND =
  'select digest, text, tag, createdIds, createdAt from maque_idempotency_keys where caller = ? and keyHash = ?';
const KEEP =
  'update maque_idempotency_keys set text = ?, tag = ?, createdIds = ? where caller = ? and keyHash = ?';
const DELETE = 'delete from maque_idempotency_keys where caller = ? and keyHash = ?';
const DELETE_OF = 'delete from maque_idempotency_keys where caller = ?';
const AGE_OF_ONE_TOO_MANY =
  'select createdAt from maque_idempotency_keys where caller = ? order by createdAt desc limit 1 offset ?';
const DELETE_OLD_OF = 'delete from maque_idempotency_keys where caller = ? and createdAt <= ?';
const AGE_OF_SLICE =
  'select createdAt from maque_idempotency_keys where createdAt < ? order by createdAt limit 1 offset ?';
const DELETE_UNTIL = 'delete from maque_idempotency_keys where createdAt <= ?';

/** Takes a key, whose answer follows in the same transaction; answers false when it is taken. */
export function takeKey(
  connection: DatabaseConnection,
  { caller, keyHash, digest }: CallerKey & Pick<KeptRequest, 'digest'>,
  nowMs: number,
): Promise<boolean> {
  return insertUnlessTaken(connection, { sql: INSERT, parameters: [caller, keyHash, digest, nowMs] });
}

export async function findKey(
  connection: DatabaseConnection,
  { caller, keyHash }: CallerKey,
): Promise<KeptRequest | undefined> {
  return (await connection.all<KeptRequest>({ sql: FIND, parameters: [caller, keyHash] }))[0];
}

export async function keepAnswer(
  connection: DatabaseConnection,
  { caller, keyHash }: CallerKey,
  { text, tag, createdIds }: KeptForm,
): Promise<void> {
  await connection.run({ sql: KEEP, parameters: [text, tag, createdIds, caller, keyHash] });
}

/** Forgets the oldest keys of a caller who has more than `atMost`. */
export async function deleteKeysBeyond(
  connection: DatabaseConnection,
  caller: string,
  atMost: number,
): Promise<void> {
  const [beyond] = await connection.all<{ createdAt: number }>({
    sql: AGE_OF_ONE_TOO_MANY,
    parameters: [caller, atMost],
  });
  if (beyond === undefined) return;
  await connection.run({ sql: DELETE_OLD_OF, parameters: [caller, beyond.createdAt] });
}

export async function deleteKey(
  connection: DatabaseConnection,
  { caller, keyHash }: CallerKey,
): Promise<void> {
  await connection.run({ sql: DELETE, parameters: [caller, keyHash] });
}

/** Forgets what a user was answered. */
export async function deleteKeysOfUser(connection: DatabaseConnection, userId: string): Promise<void> {
  await connection.run({ sql: DELETE_OF, parameters: [`user:${userId}`] });
}

/** Forgets some of the keys from before a time; answers whether more may be left. */
export async function deleteOldKeys(
  connection: DatabaseConnection,
  beforeMs: number,
  atMost: number,
): Promise<boolean> {
  const slice = { sql: AGE_OF_SLICE, parameters: [beforeMs, atMost - 1] };
  const [last] = await connection.all<{ createdAt: number }>(slice);
  await connection.run({ sql: DELETE_UNTIL, parameters: [last?.createdAt ?? beforeMs - 1] });
  return last !== undefined;
}
