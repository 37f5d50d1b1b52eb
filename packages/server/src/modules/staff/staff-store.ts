import type { DatabaseConnection, Migration } from '../../ports/index.ts';
import { rolesOf, textOfRoles } from '../users/role-list.ts';

/** A member of staff; one with the role `admin` may do everything. Times are milliseconds since the epoch. */
export interface StaffRow {
  readonly id: string;
  readonly name: string;
  /** A hash, see `password.ts`. */
  readonly password: string;
  readonly roles: readonly string[];
  /** Encrypted; null without an authenticator. */
  readonly totpSecret: string | null;
  /** Encrypted; of an authenticator that has not shown its first code. */
  readonly totpPending: string | null;
  /** Of the last code that was taken. */
  readonly totpStep: number;
  /** Hashes as JSON, of those that are left. */
  readonly recoveryCodes: string | null;
  readonly createdAt: number;
  /** Since when this member is shut out. */
  readonly disabledAt: number | null;
}

type StoredStaff = Omit<StaffRow, 'roles'> & { readonly roles: string | null };

export const adminMigrations: readonly Migration[] = [
  {
    id: '0004-admins',
    async up(query) {
      await query.schema
        .createTable('maque_admins')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('name', 'varchar(64)', (column) => column.notNull().unique())
        .addColumn('password', 'varchar(200)', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

/** Members of staff who are no admins, authenticators, and invitations. */
export const staffMigrations: readonly Migration[] = [
  {
    id: '0022-staff',
    async up(query) {
      const { schema } = query;
      const table = () => schema.alterTable('maque_admins');
      await table().addColumn('roles', 'varchar(2000)').execute();
      await table().addColumn('totpSecret', 'varchar(200)').execute();
      await table().addColumn('totpPending', 'varchar(200)').execute();
      await table()
        .addColumn('totpStep', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await table().addColumn('recoveryCodes', 'varchar(1000)').execute();
      await table().addColumn('disabledAt', 'bigint').execute();
      // Until now there were none but admins.
      await query
        .updateTable('maque_admins')
        .set({ roles: textOfRoles(['admin']) })
        .execute();
      await schema
        .createTable('maque_staff_links')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('tokenHash', 'varchar(64)', (column) => column.notNull().unique())
        // Whose password it sets anew; null for somebody who is not there yet.
        .addColumn('staffId', 'varchar(32)')
        .addColumn('roles', 'varchar(2000)')
        .addColumn('createdBy', 'varchar(32)', (column) => column.notNull())
        .addColumn('expiresAt', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

const COLUMNS =
  'id, name, password, roles, totpSecret, totpPending, totpStep, recoveryCodes, createdAt, disabledAt';
const FIND = `select ${COLUMNS} from maque_admins where id = ?`;
const FIND_BY_NAME = `select ${COLUMNS} from maque_admins where name = ?`;
const LIST = `select ${COLUMNS} from maque_admins order by createdAt, id`;
const COUNT = 'select count(*) as members from maque_admins';
const INSERT = 'insert into maque_admins (id, name, password, roles, createdAt) values (?, ?, ?, ?, ?)';
const SET_CREDENTIALS =
  'update maque_admins set name = ?, password = ?, totpSecret = null, totpPending = null, recoveryCodes = null where id = ?';
const SET_PASSWORD = 'update maque_admins set password = ? where id = ? and password = ?';
const SET_STANDING = 'update maque_admins set roles = ?, disabledAt = ? where id = ?';
const DELETE = 'delete from maque_admins where id = ?';
const SET_PENDING = 'update maque_admins set totpPending = ? where id = ?';
const USE_PENDING =
  'update maque_admins set totpSecret = totpPending, totpPending = null, totpStep = ?, recoveryCodes = ? where id = ? and totpPending = ?';
const FORGET_TOTP =
  'update maque_admins set totpSecret = null, totpPending = null, totpStep = 0, recoveryCodes = null where id = ?';
const TAKE_STEP = 'update maque_admins set totpStep = ? where id = ? and totpStep < ?';
const TAKE_CODE = 'update maque_admins set recoveryCodes = ? where id = ? and recoveryCodes = ?';

type Reading = Pick<DatabaseConnection, 'all'>;

export async function findMember(connection: Reading, id: string): Promise<StaffRow | undefined> {
  const [row] = await connection.all<StoredStaff>({ sql: FIND, parameters: [id] });
  return row && rowOf(row);
}

export async function findMemberByName(connection: Reading, name: string): Promise<StaffRow | undefined> {
  const [row] = await connection.all<StoredStaff>({ sql: FIND_BY_NAME, parameters: [name] });
  return row && rowOf(row);
}

/** The oldest first. */
export async function listMembers(connection: Reading): Promise<StaffRow[]> {
  return (await connection.all<StoredStaff>({ sql: LIST, parameters: [] })).map(rowOf);
}

export async function countMembers(connection: Reading): Promise<number> {
  return (await connection.all<{ members: number }>({ sql: COUNT, parameters: [] }))[0]?.members ?? 0;
}

/** @throws DuplicateValueError when the name is taken. */
export async function insertMember(
  connection: DatabaseConnection,
  { id, name, password, roles }: Pick<StaffRow, 'id' | 'name' | 'password' | 'roles'>,
  nowMs: number,
): Promise<void> {
  await connection.run({ sql: INSERT, parameters: [id, name, password, textOfRoles(roles), nowMs] });
}

/** Sets name and password anew and forgets the authenticator. @throws DuplicateValueError when the name is taken. */
export async function resetCredentials(
  connection: DatabaseConnection,
  { id, name, password }: Pick<StaffRow, 'id' | 'name' | 'password'>,
): Promise<boolean> {
  return (await connection.run({ sql: SET_CREDENTIALS, parameters: [name, password, id] })).changes > 0;
}

/** False when the password is another by now than the one in `before`. */
export async function updatePassword(
  connection: DatabaseConnection,
  before: Pick<StaffRow, 'id' | 'password'>,
  password: string,
): Promise<boolean> {
  const parameters = [password, before.id, before.password];
  return (await connection.run({ sql: SET_PASSWORD, parameters })).changes > 0;
}

export async function updateStanding(
  connection: DatabaseConnection,
  id: string,
  { roles, disabledAt }: Pick<StaffRow, 'roles' | 'disabledAt'>,
): Promise<void> {
  await connection.run({ sql: SET_STANDING, parameters: [textOfRoles(roles), disabledAt, id] });
}

export async function deleteMember(connection: DatabaseConnection, id: string): Promise<void> {
  await connection.run({ sql: DELETE, parameters: [id] });
}

export async function keepPendingTotp(
  connection: DatabaseConnection,
  id: string,
  sealed: string,
): Promise<void> {
  await connection.run({ sql: SET_PENDING, parameters: [sealed, id] });
}

/** Puts the secret that has shown its first code in place of the one before; false when it waits no more. */
export async function usePendingTotp(
  connection: DatabaseConnection,
  { id, totpPending }: Pick<StaffRow, 'id' | 'totpPending'>,
  { step, recoveryCodes }: { readonly step: number; readonly recoveryCodes: string },
): Promise<boolean> {
  const parameters = [step, recoveryCodes, id, totpPending];
  return (await connection.run({ sql: USE_PENDING, parameters })).changes > 0;
}

export async function forgetTotp(connection: DatabaseConnection, id: string): Promise<void> {
  await connection.run({ sql: FORGET_TOTP, parameters: [id] });
}

/** Uses up the code of a step, and all before it; false when somebody was faster. */
export async function takeTotpStep(
  connection: DatabaseConnection,
  id: string,
  step: number,
): Promise<boolean> {
  return (await connection.run({ sql: TAKE_STEP, parameters: [step, id, step] })).changes > 0;
}

/** Keeps what is left of the recovery codes; false when they have changed since they were read. */
export async function takeRecoveryCode(
  connection: DatabaseConnection,
  id: string,
  before: string,
  left: string,
): Promise<boolean> {
  return (await connection.run({ sql: TAKE_CODE, parameters: [left, id, before] })).changes > 0;
}

function rowOf({ roles, ...row }: StoredStaff): StaffRow {
  return { ...row, roles: rolesOf(roles) };
}
