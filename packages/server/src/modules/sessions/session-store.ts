import type { DatabaseConnection, Migration } from '../../ports/index.ts';

export interface SessionRow {
  readonly id: string;
  readonly ownerKind: 'user' | 'admin';
  readonly ownerId: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A session is valid as long as its row is there: revoking is deleting. */
export const sessionMigrations: readonly Migration[] = [
  {
    id: '0002-sessions',
    async up(query) {
      await query.schema
        .createTable('maque_sessions')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('ownerKind', 'varchar(8)', (column) => column.notNull())
        .addColumn('ownerId', 'varchar(32)', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addColumn('expiresAt', 'bigint', (column) => column.notNull())
        .execute();
      await query.schema
        .createIndex('maque_sessions_owner')
        .on('maque_sessions')
        .columns(['ownerId', 'createdAt'])
        .execute();
      await query.schema.createIndex('maque_sessions_end').on('maque_sessions').column('expiresAt').execute();
    },
  },
];

const FIND = 'select ownerId from maque_sessions where id = ?';
const INSERT =
  'insert into maque_sessions (id, ownerKind, ownerId, createdAt, expiresAt) values (?, ?, ?, ?, ?)';
const LIST = 'select id from maque_sessions where ownerId = ? order by createdAt desc, id';
const DELETE = 'delete from maque_sessions where id = ?';
const DELETE_OF_OWNER = 'delete from maque_sessions where ownerId = ?';
const DELETE_EXPIRED = 'delete from maque_sessions where expiresAt < ?';

/** Whose session this is; undefined when it has ended. */
export async function findSessionOwner(
  connection: DatabaseConnection,
  id: string,
): Promise<string | undefined> {
  const rows = await connection.all<{ ownerId: string }>({ sql: FIND, parameters: [id] });
  return rows[0]?.ownerId;
}

export async function insertSession(connection: DatabaseConnection, row: SessionRow): Promise<void> {
  const parameters = [row.id, row.ownerKind, row.ownerId, row.createdAt, row.expiresAt];
  await connection.run({ sql: INSERT, parameters });
}

/** Session ids of one owner, the newest first. */
export async function sessionIdsOf(connection: DatabaseConnection, ownerId: string): Promise<string[]> {
  const rows = await connection.all<{ id: string }>({ sql: LIST, parameters: [ownerId] });
  return rows.map((row) => row.id);
}

export async function deleteSession(connection: DatabaseConnection, id: string): Promise<void> {
  await connection.run({ sql: DELETE, parameters: [id] });
}

export async function deleteSessionsOf(connection: DatabaseConnection, ownerId: string): Promise<void> {
  await connection.run({ sql: DELETE_OF_OWNER, parameters: [ownerId] });
}

/** Deletes what ended before `beforeMs`; answers how many. */
export async function deleteExpiredSessions(
  connection: DatabaseConnection,
  beforeMs: number,
): Promise<number> {
  return (await connection.run({ sql: DELETE_EXPIRED, parameters: [beforeMs] })).changes;
}
