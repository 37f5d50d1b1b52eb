import type { Bytes } from '@maque/kit';
import type { DatabaseConnection, Migration } from '../../ports/index.ts';

export interface UploadRow {
  readonly id: string;
  readonly ownerId: string;
  readonly type: string;
  readonly bytes: Bytes;
  /** Loaded by a signed link only; else by whoever has its address. */
  readonly isPrivate: boolean;
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
  {
    id: '0020-private-uploads',
    async up(query) {
      await query.schema
        .alterTable('maque_uploads')
        .addColumn('isPrivate', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      // Walked from the oldest on by whoever looks for files that nothing names.
      await query.schema
        .createIndex('maque_uploads_age')
        .on('maque_uploads')
        .columns(['createdAt', 'id'])
        .execute();
    },
  },
];

const COLUMNS = 'id, ownerId, type, bytes, isPrivate, createdAt';
const FIND = `select ${COLUMNS} from maque_uploads where id = ?`;
const USAGE =
  'select count(*) as files, coalesce(sum(bytes), 0) as bytes from maque_uploads where ownerId = ?';
const INSERT = `insert into maque_uploads (${COLUMNS}) values (?, ?, ?, ?, ?, ?)`;
// The first condition is where an index is entered, the last what is left out of its first time.
const OLD = `
  select createdAt, id from maque_uploads
  where createdAt >= ? and createdAt < ? and (createdAt > ? or id > ?) order by createdAt, id limit ?`;
const DELETE = 'delete from maque_uploads where id = ?';

/** As SQL has it, which knows no booleans. */
type StoredUpload = Omit<UploadRow, 'isPrivate'> & { readonly isPrivate: number };

export async function findUpload(connection: DatabaseConnection, id: string): Promise<UploadRow | undefined> {
  const [stored] = await connection.all<StoredUpload>({ sql: FIND, parameters: [id] });
  return stored === undefined ? undefined : uploadOf(stored);
}

/** Those of these ids that there are, in no order. */
export async function findUploads(
  connection: DatabaseConnection,
  ids: readonly string[],
): Promise<UploadRow[]> {
  if (ids.length === 0) return [];
  const places = ids.map(() => '?').join();
  const sql = `select ${COLUMNS} from maque_uploads where id in (${places})`;
  return (await connection.all<StoredUpload>({ sql, parameters: ids })).map(uploadOf);
}

/** Where a walk through uploads has come to. */
export type UploadPlace = Pick<UploadRow, 'createdAt' | 'id'>;

/** Uploads of before a time, the oldest first: those after a place. */
export async function oldUploads(
  connection: DatabaseConnection,
  {
    before,
    after,
    limit,
  }: { readonly before: number; readonly after: UploadPlace | undefined; readonly limit: number },
): Promise<UploadPlace[]> {
  const { createdAt, id } = after ?? { createdAt: 0, id: '' };
  return connection.all<UploadPlace>({ sql: OLD, parameters: [createdAt, before, createdAt, id, limit] });
}

export async function usageOf(connection: DatabaseConnection, ownerId: string): Promise<Usage> {
  const [usage] = await connection.all<Usage>({ sql: USAGE, parameters: [ownerId] });
  return usage ?? { files: 0, bytes: 0 };
}

export async function insertUpload(connection: DatabaseConnection, row: UploadRow): Promise<void> {
  const { id, ownerId, type, bytes, isPrivate, createdAt } = row;
  const parameters = [id, ownerId, type, bytes, isPrivate ? 1 : 0, createdAt];
  await connection.run({ sql: INSERT, parameters });
}

/** Answers whether it was there. */
export async function deleteUpload(connection: DatabaseConnection, id: string): Promise<boolean> {
  return (await connection.run({ sql: DELETE, parameters: [id] })).changes > 0;
}

function uploadOf(stored: StoredUpload): UploadRow {
  return { ...stored, isPrivate: stored.isPrivate === 1 };
}
