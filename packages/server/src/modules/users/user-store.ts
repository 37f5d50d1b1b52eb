import type { Database, DatabaseConnection, Migration } from '../../ports/index.ts';

export interface UserRow {
  readonly id: string;
  readonly nickname: string | null;
  readonly avatarUrl: string | null;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Who a WeChat login is about. */
export interface WechatAccount {
  readonly appId: string;
  readonly openid: string;
  readonly unionid: string | undefined;
  /** Encrypted; never plain in the database. */
  readonly sealedSessionKey: string;
}

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

const COLUMNS = 'id, nickname, avatarUrl, createdAt, updatedAt';
const FIND = `select ${COLUMNS} from maque_users where id = ?`;
const FIND_BY_OPENID = `select ${COLUMNS} from maque_users where wechatAppId = ? and openid = ?`;
const FIND_OPENID = 'select openid from maque_users where id = ? and wechatAppId = ?';
const INSERT =
  'insert into maque_users (id, wechatAppId, openid, unionid, sessionKey, createdAt, updatedAt) values (?, ?, ?, ?, ?, ?, ?)';
// A unionid that was told once stays: WeChat leaves it out when the mini-program is unbound for a while.
const RENEW = 'update maque_users set sessionKey = ?, unionid = coalesce(?, unionid) where id = ?';

export async function findUser(database: Database, id: string): Promise<UserRow | undefined> {
  return (await database.all<UserRow>({ sql: FIND, parameters: [id] }))[0];
}

export async function findUserByOpenid(
  connection: DatabaseConnection,
  { appId, openid }: Pick<WechatAccount, 'appId' | 'openid'>,
): Promise<UserRow | undefined> {
  return (await connection.all<UserRow>({ sql: FIND_BY_OPENID, parameters: [appId, openid] }))[0];
}

/** The openid of a user under a mini-program; undefined when there is no such user of it. */
export async function findOpenid(
  connection: DatabaseConnection,
  userId: string,
  appId: string,
): Promise<string | undefined> {
  const [row] = await connection.all<{ openid: string }>({ sql: FIND_OPENID, parameters: [userId, appId] });
  return row?.openid;
}

/** @throws DuplicateValueError when the account has a user already. */
export async function insertUser(
  connection: DatabaseConnection,
  user: UserRow,
  account: WechatAccount,
): Promise<void> {
  const { appId, openid, unionid, sealedSessionKey } = account;
  const parameters = [
    user.id,
    appId,
    openid,
    unionid ?? null,
    sealedSessionKey,
    user.createdAt,
    user.updatedAt,
  ];
  await connection.run({ sql: INSERT, parameters });
}

/** Keeps what a new login of a known user brought. */
export async function renewUser(
  connection: DatabaseConnection,
  id: string,
  { sealedSessionKey, unionid }: WechatAccount,
): Promise<void> {
  await connection.run({ sql: RENEW, parameters: [sealedSessionKey, unionid ?? null, id] });
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
