import type { Bytes } from '@maque/kit';
import type { DatabaseConnection, Migration } from '../../ports/index.ts';

export interface UploadRow {
  readonly id: string;
  readonly ownerId: string;
  readonly type: string;
  readonly bytes: Bytes;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What a user keeps. */
export interface Usage {
  readonly files: number;
  readonly bytes: Bytes;
}

export const uploadMigrations: readonly Migration[] = [
  {
    id: '0005-uploads',
    async up(query) {
      await query.schema
        .createTable('maque_uploads')
        .addColumn('id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('ownerId', 'varchar(32)', (column) => column.notNull())
        .addColumn('type', 'varchar(32)', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('createdAt', 'bigint', (column) => column.notNull())
        .execute();
      // With the bytes in it the sum of a user is read from the index alone.
      await query.schema
        .createIndex('maque_uploads_owner')
        .on('maque_uploads')
        .columns(['ownerId', 'bytes'])
        .execute();
    },
  },
];

const FIND = 'select id, ownerId, type, bytes, createdAt from maque_uploads where id = ?';
const USAGE =
  'select count(*) as files, coalesce(sum(bytes), 0) as bytes from maque_uploads where ownerId = ?';
const INSERT = 'insert into maque_uploads (id, ownerId, type, bytes, createdAt) values (?, ?, ?, ?, ?)';
const DELETE = 'delete from maque_uploads where id = ?';

export async function findUpload(connection: DatabaseConnection, id: string): Promise<UploadRow | undefined> {
  return (await connection.all<UploadRow>({ sql: FIND, parameters: [id] }))[0];
}

export async function usageOf(connection: DatabaseConnection, ownerId: string): Promise<Usage> {
  const [usage] = await connection.all<Usage>({ sql: USAGE, parameters: [ownerId] });
  return usage ?? { files: 0, bytes: 0 };
}

export async function insertUpload(connection: DatabaseConnection, row: UploadRow): Promise<void> {
  const parameters = [row.id, row.ownerId, row.type, row.bytes, row.createdAt];
  await connection.run({ sql: INSERT, parameters });
}

/** Answers whether it was there. */
export async function deleteUpload(connection: DatabaseConnection, id: string): Promise<boolean> {
  return (await connection.run({ sql: DELETE, parameters: [id] })).changes > 0;
}
