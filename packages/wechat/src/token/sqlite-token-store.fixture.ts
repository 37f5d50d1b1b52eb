import { DatabaseSync } from 'node:sqlite';
import { SECOND } from '@maque/kit';
import type { StoredToken, TokenStore } from './token-store.ts';

const COLUMNS = ['version', 'generation', 'issuedFor', 'token', 'expiresAtMs', 'claimedUntilMs'] as const;

/** A token in a SQLite file, as several processes may share one. */
export function openSqliteTokenStore(file: string): TokenStore {
  // Who finds it locked waits: eight processes, each for a fraction of a millisecond.
  const database = new DatabaseSync(file, { timeout: 10 * SECOND });
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(
    `CREATE TABLE IF NOT EXISTS token (one INTEGER PRIMARY KEY CHECK (one = 1), ${COLUMNS.join(', ')})`,
  );
  const read = database.prepare(`SELECT ${COLUMNS.join(', ')} FROM token`);
  const insert = database.prepare(
    `INSERT INTO token VALUES (1, ${COLUMNS.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`,
  );
  const update = database.prepare(
    `UPDATE token SET ${COLUMNS.map((name) => `${name} = ?`).join(', ')} WHERE version = ?`,
  );
  return {
    read: async () => (read.get() as StoredToken | undefined) ?? null,
    async write(record, expectedVersion) {
      const values = COLUMNS.map((name) => record[name]);
      const { changes } =
        expectedVersion === 0 ? insert.run(...values) : update.run(...values, expectedVersion);
      return changes === 1;
    },
  };
}
