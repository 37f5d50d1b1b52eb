import type { Database, DatabaseConnection, Migration } from '../../ports/index.ts';

export interface AdminRow {
  readonly id: string;
  readonly name: string;
  /** A hash, see `password.ts`. */
  readonly password: string;
}

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

const FIND = 'select id, name, password from maque_admins where name = ?';
const INSERT = 'insert into maque_admins (id, name, password, createdAt) values (?, ?, ?, ?)';

export async function findAdmin(database: Database, name: string): Promise<AdminRow | undefined> {
  return (await database.all<AdminRow>({ sql: FIND, parameters: [name] }))[0];
}

/** @throws DuplicateValueError when the name is taken. */
export async function insertAdmin(
  connection: DatabaseConnection,
  admin: AdminRow,
  nowMs: number,
): Promise<void> {
  await connection.run({ sql: INSERT, parameters: [admin.id, admin.name, admin.password, nowMs] });
}
