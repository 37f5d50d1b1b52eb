import type { DatabaseConnection, Migration } from '../../ports/index.ts';

export interface SessionRow {
  id: string;
  owner_kind: 'user' | 'admin';
  owner_id: string;
  /** Milliseconds since the epoch, as all times here. */
  created_at: number;
  expires_at: number;
}

/** A session is valid as long as its row is there: revoking is deleting. */
export const sessionMigrations: readonly Migration[] = [
  {
    id: '0002-sessions',
    async up(query) {
      await query.schema
        .createTable('maque_sessions')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('owner_kind', 'varchar(8)', (column) => column.notNull())
        .addColumn('owner_id', 'varchar(32)', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute();
      await query.schema
        .createIndex('maque_sessions_owner')
        .on('maque_sessions')
        .columns(['owner_id', 'created_at'])
        .execute();
      await query.schema
        .createIndex('maque_sessions_end')
        .on('maque_sessions')
        .column('expires_at')
        .execute();
    },
  },
];

const FIND = 'select owner_id, expires_at from maque_sessions where id = ?';
const INSERT =
  'insert into maque_sessions (id, owner_kind, owner_id, created_at, expires_at) values (?, ?, ?, ?, ?)';
const LIST = 'select id from maque_sessions where owner_id = ? order by created_at desc, id';
const DELETE = 'delete from maque_sessions where id = ?';
const DELETE_OF_OWNER = 'delete from maque_sessions where owner_id = ?';
const DELETE_EXPIRED = 'delete from maque_sessions where expires_at < ?';

export async function findSession(
  connection: DatabaseConnection,
  id: string,
): Promise<Pick<SessionRow, 'owner_id' | 'expires_at'> | undefined> {
  const rows = await connection.all<Pick<SessionRow, 'owner_id' | 'expires_at'>>({
    sql: FIND,
    parameters: [id],
  });
  return rows[0];
}

export async function insertSession(connection: DatabaseConnection, row: SessionRow): Promise<void> {
  const parameters = [row.id, row.owner_kind, row.owner_id, row.created_at, row.expires_at];
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
