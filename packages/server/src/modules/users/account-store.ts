import { type DatabaseConnection, insertUnlessTaken } from '../../ports/index.ts';

/** Who a WeChat login is about. */
export interface WechatAccount {
  readonly appId: string;
  readonly openid: string;
  readonly unionid: string | undefined;
  /** Encrypted; never plain in the database. */
  readonly sealedSessionKey: string;
}

/** What a user came through, and when first. */
export interface AccountRow {
  readonly appId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

const FIND_OWNER = 'select userId from maque_wechat_accounts where appId = ? and openid = ?';
const FIND_OPENID =
  'select openid from maque_wechat_accounts where userId = ? and appId = ? order by createdAt limit 1';
const LIST = 'select appId, createdAt from maque_wechat_accounts where userId = ? order by createdAt';
const INSERT =
  'insert into maque_wechat_accounts (appId, openid, userId, sessionKey, createdAt) values (?, ?, ?, ?, ?)';
const RENEW = 'update maque_wechat_accounts set sessionKey = ? where appId = ? and openid = ?';
const FIND_UNION = 'select userId from maque_unionids where unionid = ?';
const INSERT_UNION = 'insert into maque_unionids (unionid, userId) values (?, ?)';
const DELETE = 'delete from maque_wechat_accounts where userId = ?';
const DELETE_UNION = 'delete from maque_unionids where userId = ?';

type Known = Pick<WechatAccount, 'appId' | 'openid'>;

/** The id of the user behind an account. */
export async function findAccountOwner(
  connection: DatabaseConnection,
  { appId, openid }: Known,
): Promise<string | undefined> {
  const [row] = await connection.all<{ userId: string }>({ sql: FIND_OWNER, parameters: [appId, openid] });
  return row?.userId;
}

/** The id of the user who has this unionid, in whatever mini-program it was first seen. */
export async function findUnionOwner(
  connection: DatabaseConnection,
  unionid: string,
): Promise<string | undefined> {
  const [row] = await connection.all<{ userId: string }>({ sql: FIND_UNION, parameters: [unionid] });
  return row?.userId;
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

export function accountsOf(connection: DatabaseConnection, userId: string): Promise<AccountRow[]> {
  return connection.all<AccountRow>({ sql: LIST, parameters: [userId] });
}

/** @throws DuplicateValueError when the account has a user already. */
export async function insertAccount(
  connection: DatabaseConnection,
  userId: string,
  { appId, openid, sealedSessionKey }: WechatAccount,
  nowMs: number,
): Promise<void> {
  const parameters = [appId, openid, userId, sealedSessionKey, nowMs];
  await connection.run({ sql: INSERT, parameters });
}

/** Keeps the session key that a new login brought. */
export async function renewAccount(
  connection: DatabaseConnection,
  { appId, openid, sealedSessionKey }: WechatAccount,
): Promise<void> {
  await connection.run({ sql: RENEW, parameters: [sealedSessionKey, appId, openid] });
}

/** Says whose a unionid is; false when it is somebody's already, with whom it stays. */
export function claimUnionid(
  connection: DatabaseConnection,
  unionid: string,
  userId: string,
): Promise<boolean> {
  return insertUnlessTaken(connection, { sql: INSERT_UNION, parameters: [unionid, userId] });
}

/** Forgets all that WeChat has told of a user; a later login makes a new one. */
export async function deleteAccountsOf(connection: DatabaseConnection, userId: string): Promise<void> {
  await connection.run({ sql: DELETE, parameters: [userId] });
  await connection.run({ sql: DELETE_UNION, parameters: [userId] });
}
