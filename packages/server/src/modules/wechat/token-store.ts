import type { StoredToken, TokenStore } from '@maque/wechat';
import { type Database, insertUnlessTaken, type Migration } from '../../ports/index.ts';

export const wechatMigrations: readonly Migration[] = [
  {
    id: '0003-wechat-tokens',
    async up(query) {
      await query.schema
        .createTable('maque_wechat_tokens')
        .addColumn('appId', 'varchar(64)', (column) => column.primaryKey())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('generation', 'integer', (column) => column.notNull())
        .addColumn('issuedFor', 'varchar(300)', (column) => column.notNull())
        .addColumn('token', 'text', (column) => column.notNull())
        .addColumn('expiresAt', 'bigint', (column) => column.notNull())
        .addColumn('claimedUntil', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

interface TokenRow {
  readonly version: number;
  readonly generation: number;
  readonly issuedFor: string;
  readonly token: string;
  readonly expiresAt: number;
  readonly claimedUntil: number;
}

const READ =
  'select version, generation, issuedFor, token, expiresAt, claimedUntil from maque_wechat_tokens where appId = ?';
const INSERT =
  'insert into maque_wechat_tokens (version, generation, issuedFor, token, expiresAt, claimedUntil, appId) values (?, ?, ?, ?, ?, ?, ?)';
const REPLACE =
  'update maque_wechat_tokens set version = ?, generation = ?, issuedFor = ?, token = ?, expiresAt = ?, claimedUntil = ? where appId = ? and version = ?';

/** Keeps WeChat's access token in the database, so that all workers share one and a restart costs no call. */
export function createDatabaseTokenStore(database: Database, appId: string): TokenStore {
  return {
    async read() {
      const [row] = await database.all<TokenRow>({ sql: READ, parameters: [appId] });
      return row === undefined ? null : recordOf(row);
    },
    async write(record, expectedVersion) {
      const parameters = [...columnsOf(record), appId];
      if (expectedVersion > 0) {
        return (
          (await database.run({ sql: REPLACE, parameters: [...parameters, expectedVersion] })).changes === 1
        );
      }
      return insertUnlessTaken(database, { sql: INSERT, parameters });
    },
  };
}

function recordOf(row: TokenRow): StoredToken {
  return {
    version: row.version,
    generation: row.generation,
    issuedFor: row.issuedFor,
    token: row.token,
    expiresAtMs: row.expiresAt,
    claimedUntilMs: row.claimedUntil,
  };
}

function columnsOf(record: StoredToken): (string | number)[] {
  const { version, generation, issuedFor, token, expiresAtMs, claimedUntilMs } = record;
  return [version, generation, issuedFor, token, Math.round(expiresAtMs), Math.round(claimedUntilMs)];
}
