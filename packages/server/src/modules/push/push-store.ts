import { type DatabaseConnection, insertUnlessTaken, type Migration } from '../../ports/index.ts';

/** Which pushes were taken, so that WeChat may repeat them. Times are ms since the epoch. */
export const pushMigrations: readonly Migration[] = [
  {
    id: '0009-pushes',
    async up({ schema }) {
      await schema
        .createTable('maque_pushes')
        .addColumn('messageKey', 'varchar(100)', (column) => column.primaryKey())
        .addColumn('takenAt', 'bigint', (column) => column.notNull())
        .execute();
      await schema.createIndex('maque_pushes_age').on('maque_pushes').column('takenAt').execute();
    },
  },
];

const INSERT = 'insert into maque_pushes (messageKey, takenAt) values (?, ?)';
const DELETE_OLD = 'delete from maque_pushes where takenAt < ?';

/** Remembers a push; false when it was taken before. */
export function rememberPush(connection: DatabaseConnection, key: string, nowMs: number): Promise<boolean> {
  return insertUnlessTaken(connection, { sql: INSERT, parameters: [key, nowMs] });
}

export async function forgetPushes(connection: DatabaseConnection, beforeMs: number): Promise<void> {
  await connection.run({ sql: DELETE_OLD, parameters: [beforeMs] });
}
