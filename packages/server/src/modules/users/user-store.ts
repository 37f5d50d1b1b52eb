import type { Database, DatabaseConnection, Migration } from '../../ports/index.ts';
import { moveAccountsOut } from './account-tables.ts';
import { rolesOf, textOfRoles } from './role-list.ts';

export interface UserRow {
  readonly id: string;
  readonly nickname: string | null;
  readonly avatarUrl: string | null;
  /** Encrypted, see `phone-book.ts`; null until it is known. */
  readonly phone: string | null;
  readonly roles: readonly string[];
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

type StoredUser = Omit<UserRow, 'roles'> & { readonly roles: string | null };

export const userMigrations: readonly Migration[] = [
  {
    id: '0001-users',
    async up(query) {
      await query.schema
        .createTable('maque_users')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('wechatAppId', 'varchar(64)', (column) => column.notNull())
        .addColumn('openid', 'varchar(64)', (column) => column.notNull())
        .addColumn('unionid', 'varchar(64)')
        .addColumn('sessionKey', 'varchar(128)', (column) => column.notNull())
        .addColumn('nickname', 'varchar(64)')
        .addColumn('avatarUrl', 'varchar(512)')
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addColumn('updatedAt', 'bigint', (column) => column.notNull())
        .addUniqueConstraint('maque_users_openid', ['wechatAppId', 'openid'])
        .execute();
    },
  },
];

/** One user may come through several mini-programs: what WeChat knows of them has a table of its own. */
export const accountMigrations: readonly Migration[] = [{ id: '0020-wechat-accounts', up: moveAccountsOut }];

const COLUMNS = 'id, nickname, avatarUrl, phone, roles, createdAt, updatedAt';
const FIND = `select ${COLUMNS} from maque_users where id = ?`;
const FIND_BY_PHONE = `select ${COLUMNS} from maque_users where phoneHash = ? order by id limit ?`;
const NEWEST = `select ${COLUMNS} from maque_users where id < ? order by id desc limit ?`;
const INSERT =
  'insert into maque_users (id, nickname, avatarUrl, createdAt, updatedAt) values (?, null, null, ?, ?)';
const SET_PHONE = 'update maque_users set phone = ?, phoneHash = ?, updatedAt = ? where id = ?';
const SET_ROLES = 'update maque_users set roles = ?, updatedAt = ? where id = ?';
const DELETE = 'delete from maque_users where id = ?';

export async function findUser(
  connection: Pick<DatabaseConnection, 'all'>,
  id: string,
): Promise<UserRow | undefined> {
  const [row] = await connection.all<StoredUser>({ sql: FIND, parameters: [id] });
  return row && rowOf(row);
}

/** Those who have given this phone, by its keyed hash; a family may share one. */
export async function findUsersByPhone(
  database: Database,
  phoneHash: string,
  limit: number,
): Promise<UserRow[]> {
  return (await database.all<StoredUser>({ sql: FIND_BY_PHONE, parameters: [phoneHash, limit] })).map(rowOf);
}

/** The newest first. @param before an id: only those older than it. */
export async function listUsers(
  database: Database,
  before: string | undefined,
  limit: number,
): Promise<UserRow[]> {
  // Ids sort by time and begin with a digit or a small letter: `~` is behind all of them.
  return (await database.all<StoredUser>({ sql: NEWEST, parameters: [before ?? '~', limit] })).map(rowOf);
}

export async function insertUser(connection: DatabaseConnection, id: string, nowMs: number): Promise<void> {
  await connection.run({ sql: INSERT, parameters: [id, nowMs, nowMs] });
}

export interface ProfileChanges {
  readonly nickname?: string | null;
  readonly avatarUrl?: string | null;
}

/** Changes a profile; what is undefined stays. */
export async function updateProfile(
  database: Database,
  id: string,
  { nickname, avatarUrl }: ProfileChanges,
  nowMs: number,
): Promise<void> {
  await database.query
    .updateTable('maque_users')
    .set({
      updatedAt: nowMs,
      ...(nickname === undefined ? {} : { nickname }),
      ...(avatarUrl === undefined ? {} : { avatarUrl }),
    })
    .where('id', '=', id)
    .execute();
}

/** Null for none. */
export async function updatePhone(
  database: Database,
  id: string,
  phone: { readonly sealed: string; readonly hash: string } | null,
  nowMs: number,
): Promise<void> {
  const parameters = [phone?.sealed ?? null, phone?.hash ?? null, nowMs, id];
  await database.run({ sql: SET_PHONE, parameters });
}

/** Answers whether there is such a user. */
export async function updateRoles(
  database: Database,
  id: string,
  roles: readonly string[],
  nowMs: number,
): Promise<boolean> {
  return (await database.run({ sql: SET_ROLES, parameters: [textOfRoles(roles), nowMs, id] })).changes > 0;
}

/** Answers whether there was one. */
export async function deleteUser(connection: DatabaseConnection, id: string): Promise<boolean> {
  return (await connection.run({ sql: DELETE, parameters: [id] })).changes > 0;
}

function rowOf({ roles, ...row }: StoredUser): UserRow {
  return { ...row, roles: rolesOf(roles) };
}
