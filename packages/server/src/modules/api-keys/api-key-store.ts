import type { DatabaseConnection, Migration } from '../../ports/index.ts';
import { rolesOf, textOfRoles } from '../users/role-list.ts';

/** Times are milliseconds since the epoch. */
export interface ApiKeyRow {
  readonly id: string;
  /** What it is for. */
  readonly name: string;
  readonly roles: readonly string[];
  readonly createdBy: string;
  readonly createdAt: number;
  /** Null for one that does not end by itself. */
  readonly expiresAt: number | null;
  /** To the minute; null until then. */
  readonly lastUsedAt: number | null;
}

export interface ApiKeyWithHash extends ApiKeyRow {
  readonly hash: string;
}

type Stored<Row extends ApiKeyRow> = Omit<Row, 'roles'> & { readonly roles: string | null };

export const apiKeyMigrations: readonly Migration[] = [
  {
    id: '0023-api-keys',
    async up({ schema }) {
      await schema
        .createTable('maque_api_keys')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('name', 'varchar(64)', (column) => column.notNull())
        .addColumn('hash', 'varchar(64)', (column) => column.notNull())
        .addColumn('roles', 'varchar(2000)')
        .addColumn('createdBy', 'varchar(32)', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .addColumn('expiresAt', 'bigint')
        .addColumn('lastUsedAt', 'bigint')
        .execute();
    },
  },
];

const COLUMNS = 'id, name, roles, createdBy, createdAt, expiresAt, lastUsedAt';
const FIND = `select ${COLUMNS}, hash from maque_api_keys where id = ?`;
const LIST = `select ${COLUMNS} from maque_api_keys order by id`;
const INSERT =
  'insert into maque_api_keys (id, name, hash, roles, createdBy, createdAt, expiresAt) values (?, ?, ?, ?, ?, ?, ?)';
const TOUCH = 'update maque_api_keys set lastUsedAt = ? where id = ?';
const DELETE = 'delete from maque_api_keys where id = ?';

export async function findApiKey(
  connection: DatabaseConnection,
  id: string,
): Promise<ApiKeyWithHash | undefined> {
  const [row] = await connection.all<Stored<ApiKeyWithHash>>({ sql: FIND, parameters: [id] });
  return row && { ...row, roles: rolesOf(row.roles) };
}

/** The oldest first. */
export async function listApiKeys(connection: DatabaseConnection): Promise<ApiKeyRow[]> {
  const rows = await connection.all<Stored<ApiKeyRow>>({ sql: LIST, parameters: [] });
  return rows.map((row) => ({ ...row, roles: rolesOf(row.roles) }));
}

export async function insertApiKey(
  connection: DatabaseConnection,
  key: Omit<ApiKeyWithHash, 'lastUsedAt'>,
): Promise<void> {
  const { id, name, hash, roles, createdBy, createdAt, expiresAt } = key;
  const parameters = [id, name, hash, textOfRoles(roles), createdBy, createdAt, expiresAt];
  await connection.run({ sql: INSERT, parameters });
}

export async function touchApiKey(connection: DatabaseConnection, id: string, nowMs: number): Promise<void> {
  await connection.run({ sql: TOUCH, parameters: [nowMs, id] });
}

/** Answers whether it was there. */
export async function deleteApiKey(connection: DatabaseConnection, id: string): Promise<boolean> {
  return (await connection.run({ sql: DELETE, parameters: [id] })).changes > 0;
}
