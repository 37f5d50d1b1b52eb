import type { DatabaseConnection } from '../../ports/index.ts';
import { rolesOf, textOfRoles } from '../users/role-list.ts';

/** A one-time link to a name and a password. */
export interface StaffLinkRow {
  readonly id: string;
  /** The member whose password it sets anew; null for somebody who is not there yet. */
  readonly staffId: string | null;
  /** Of whoever takes an invitation. */
  readonly roles: readonly string[];
  readonly createdBy: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

type StoredLink = Omit<StaffLinkRow, 'roles'> & { readonly roles: string | null };

const COLUMNS = 'id, staffId, roles, createdBy, expiresAt';
const FIND = `select ${COLUMNS} from maque_staff_links where tokenHash = ? and expiresAt > ?`;
const LIST = `select ${COLUMNS} from maque_staff_links where expiresAt > ? order by id`;
const INSERT =
  'insert into maque_staff_links (id, tokenHash, staffId, roles, createdBy, expiresAt) values (?, ?, ?, ?, ?, ?)';
const DELETE = 'delete from maque_staff_links where id = ?';
const DELETE_TO = 'delete from maque_staff_links where staffId = ?';
const DELETE_BY = 'delete from maque_staff_links where createdBy = ?';
const DELETE_EXPIRED = 'delete from maque_staff_links where expiresAt <= ?';

/** The link of a token, by its hash, unless it has expired. */
export async function findStaffLink(
  connection: DatabaseConnection,
  tokenHash: string,
  nowMs: number,
): Promise<StaffLinkRow | undefined> {
  const [row] = await connection.all<StoredLink>({ sql: FIND, parameters: [tokenHash, nowMs] });
  return row && { ...row, roles: rolesOf(row.roles) };
}

/** Those that still work. */
export async function listStaffLinks(connection: DatabaseConnection, nowMs: number): Promise<StaffLinkRow[]> {
  const rows = await connection.all<StoredLink>({ sql: LIST, parameters: [nowMs] });
  return rows.map((row) => ({ ...row, roles: rolesOf(row.roles) }));
}

export async function insertStaffLink(
  connection: DatabaseConnection,
  { id, staffId, roles, createdBy, expiresAt }: StaffLinkRow,
  tokenHash: string,
): Promise<void> {
  const parameters = [id, tokenHash, staffId, textOfRoles(roles), createdBy, expiresAt];
  await connection.run({ sql: INSERT, parameters });
}

/** Answers whether it was there: of several who take a link at once, one has it. */
export async function deleteStaffLink(connection: DatabaseConnection, id: string): Promise<boolean> {
  return (await connection.run({ sql: DELETE, parameters: [id] })).changes > 0;
}

/** Those that set a member's password anew. */
export async function deleteLinksTo(connection: DatabaseConnection, staffId: string): Promise<void> {
  await connection.run({ sql: DELETE_TO, parameters: [staffId] });
}

/** Those that somebody has made. */
export async function deleteLinksBy(connection: DatabaseConnection, createdBy: string): Promise<void> {
  await connection.run({ sql: DELETE_BY, parameters: [createdBy] });
}

export async function deleteExpiredLinks(connection: DatabaseConnection, nowMs: number): Promise<void> {
  await connection.run({ sql: DELETE_EXPIRED, parameters: [nowMs] });
}
