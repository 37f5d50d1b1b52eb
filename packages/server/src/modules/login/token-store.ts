import type { StoredToken, TokenStore } from '@maque/wechat';
import { type Database, DuplicateValueError, type Migration } from '../../ports/index.ts';

export const wechatMigrations: readonly Migration[] = [
  {
    id: '0003-wechat-tokens',
    async up(query) {
      await query.schema
        .createTable('maque_wechat_tokens')
        .addColumn('app_id', 'varchar(32)', (column) => column.primaryKey())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('generation', 'integer', (column) => column.notNull())
        .addColumn('issued_for', 'varchar(300)', (column) => column.notNull())
        .addColumn('token', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('claimed_until', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];

interface TokenRow {
  readonly version: number;
  readonly generation: number;
  readonly issued_for: string;
  readonly token: string;
  readonly expires_at: number;
  readonly claimed_until: number;
}

const READ =
  'select version, generation, issued_for, token, expires_at, claimed_until from maque_wechat_tokens where app_id = ?';
const INSERT =
  'insert into maque_wechat_tokens (version, generation, issued_for, token, expires_at, claimed_until, app_id) values (?, ?, ?, ?, ?, ?, ?)';
const REPLACE =
  'update maque_wechat_tokens set version = ?, generation = ?, issued_for = ?, token = ?, expires_at = ?, claimed_until = ? where app_id = ? and version = ?';

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
      try {
        await database.run({ sql: INSERT, parameters });
        return true;
      } catch (error) {
        if (error instanceof DuplicateValueError) return false;
        throw error;
      }
    },
  };
}

function recordOf(row: TokenRow): StoredToken {
  return {
    version: row.version,
    generation: row.generation,
    issuedFor: row.issued_for,
    token: row.token,
    expiresAtMs: row.expires_at,
    claimedUntilMs: row.claimed_until,
  };
}

function columnsOf(record: StoredToken): (string | number)[] {
  const { version, generation, issuedFor, token, expiresAtMs, claimedUntilMs } = record;
  return [version, generation, issuedFor, token, Math.round(expiresAtMs), Math.round(claimedUntilMs)];
}
