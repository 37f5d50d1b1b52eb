import type { DatabaseConnection, Migration } from '../../ports/index.ts';

export interface SessionRow {
  readonly id: string;
  readonly ownerKind: 'user' | 'admin';
  readonly ownerId: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Of the mini-program; null for members of staff. */
  readonly appId: string | null;
  readonly ip: string | null;
  readonly device: string | null;
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

/** Where each was begun. */
export const sessionOriginMigrations: readonly Migration[] = [
  {
    id: '0021-session-origins',
    async up({ schema }) {
      await schema.alterTable('maque_sessions').addColumn('appId', 'varchar(64)').execute();
      // 45 is the longest form of an IPv6 address (RFC 4291 §2.2).
      await schema.alterTable('maque_sessions').addColumn('ip', 'varchar(45)').execute();
      await schema.alterTable('maque_sessions').addColumn('device', 'varchar(200)').execute();
    },
  },
];

const INSERT =
  'insert into maque_sessions (id, ownerKind, ownerId, createdAt, expiresAt, appId, ip, device) values (?, ?, ?, ?, ?, ?, ?, ?)';
const LIST =
  'select id, createdAt, expiresAt, appId, ip, device from maque_sessions where ownerId = ? order by createdAt desc, id';
const FIND_APP = 'select appId from maque_sessions where id = ?';
const DELETE = 'delete from maque_sessions where id = ? and ownerId = ?';
const DELETE_OF_OWNER = 'delete from maque_sessions where ownerId = ?';
const DELETE_OTHERS = 'delete from maque_sessions where ownerId = ? and id <> ?';
const DELETE_EXPIRED = 'delete from maque_sessions where expiresAt < ?';

export async function insertSession(connection: DatabaseConnection, row: SessionRow): Promise<void> {
  const { id, ownerKind, ownerId, createdAt, expiresAt, appId, ip, device } = row;
  const parameters = [id, ownerKind, ownerId, createdAt, expiresAt, appId, ip, device];
  await connection.run({ sql: INSERT, parameters });
}

/** The sessions of one owner, the newest first. */
export function sessionsOf(
  connection: DatabaseConnection,
  ownerId: string,
): Promise<Omit<SessionRow, 'ownerKind' | 'ownerId'>[]> {
  return connection.all({ sql: LIST, parameters: [ownerId] });
}

/** The mini-program that a session was begun in; null where it is not known. */
export async function findSessionApp(connection: DatabaseConnection, id: string): Promise<string | null> {
  const [row] = await connection.all<{ appId: string | null }>({ sql: FIND_APP, parameters: [id] });
  return row?.appId ?? null;
}

/** Answers whether the owner had such a session. */
export async function deleteSession(
  connection: DatabaseConnection,
  id: string,
  ownerId: string,
): Promise<boolean> {
  return (await connection.run({ sql: DELETE, parameters: [id, ownerId] })).changes > 0;
}

/** @param exceptId one that stays. */
export async function deleteSessionsOf(
  connection: DatabaseConnection,
  ownerId: string,
  exceptId?: string,
): Promise<void> {
  await connection.run(
    exceptId === undefined
      ? { sql: DELETE_OF_OWNER, parameters: [ownerId] }
      : { sql: DELETE_OTHERS, parameters: [ownerId, exceptId] },
  );
}

/** Deletes what ended before `beforeMs`; answers how many. */
export async function deleteExpiredSessions(
  connection: DatabaseConnection,
  beforeMs: number,
): Promise<number> {
  return (await connection.run({ sql: DELETE_EXPIRED, parameters: [beforeMs] })).changes;
}
