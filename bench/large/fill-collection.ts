import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Milliseconds, resolveSettings, systemClock } from '@maque/kit';
import { serverSettings } from '@maque/server';
import { dataFolderAt } from '@maque/server/config/data-folder';
import { openSchema } from '@maque/server/schema';
import { benchFolder } from '../stacks/paths.ts';
import { ITEM_COLUMNS, itemRow } from './items.ts';

export interface FilledCollection {
  readonly rows: number;
  /** What making one table of a million records searchable takes: a migration of the collection. */
  readonly searchMs: Milliseconds;
}

// Larger than a transaction of any app; the log is carried over in between.
const BATCH = 50_000;

/** Makes the database of the app in a data folder and puts so many records into it, faster than by creating them. */
export async function fillCollection(dataDir: string, rows: number): Promise<FilledCollection> {
  const folder = dataFolderAt(dataDir);
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  writeFileSync(folder.database, '', { mode: 0o600 });
  await migrate(dataDir, 'large/app-before/maque.config.ts');
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(folder.database);
  const marks = ITEM_COLUMNS.map(() => '?').join();
  const insert = database.prepare(`insert into items (${ITEM_COLUMNS.join()}) values (${marks})`);
  const now = Date.now() - rows;
  for (let start = 0; start < rows; start += BATCH) {
    database.exec('begin');
    for (let index = start; index < Math.min(rows, start + BATCH); index += 1)
      insert.run(...itemRow(index, now));
    database.exec('commit');
  }
  database.close();
  const startedAt = performance.now();
  await migrate(dataDir, 'large/app/maque.config.ts');
  return { rows, searchMs: performance.now() - startedAt };
}

async function migrate(dataDir: string, app: string): Promise<void> {
  const { values } = resolveSettings(serverSettings, []);
  const schema = await openSchema({
    app: join(benchFolder, app),
    settings: values,
    folder: dataFolderAt(dataDir),
    clock: systemClock,
  });
  try {
    await schema.migrate({ allowDataLoss: false, makesBackup: false });
  } finally {
    await schema.close();
  }
}
