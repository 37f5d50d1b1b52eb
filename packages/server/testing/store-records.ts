import { join } from 'node:path';
import { type Clock, MiB, systemClock } from '@maque/kit';
import { openSqliteDatabase } from '../src/adapters/database/sqlite/sqlite-database.ts';
import type { App } from '../src/define/app.ts';

import { prepareDatabase } from '../src/modules/records/prepare-database.ts';
import { createRecords, type Records } from '../src/modules/records/records.ts';
import type { Database } from '../src/ports/database.ts';
import { temporaryFolder } from './serve-app.ts';

/** Records of an app in a database of their own, without a server. */
export interface StoredRecords {
  readonly database: Database;
  readonly records: Records;
  close(): Promise<void>;
}

export async function storeRecords(app: App, clock: Clock = systemClock): Promise<StoredRecords> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'app.sqlite');
  const database = await openSqliteDatabase({ path, cacheBytes: 4 * MiB, synchronous: 'normal' });
  const records = createRecords({ app, database, clock });
  await prepareDatabase({ app, records, migrations: [], clock });
  return {
    database,
    records,
    async close() {
      await database.close();
      await folder.remove();
    },
  };
}
