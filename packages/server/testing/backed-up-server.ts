import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, MiB, resolveSettings } from '@maque/kit';
import { afterEach, beforeEach } from 'vitest';
import { openDiskFileStore } from '../src/adapters/file-store/disk-file-store.ts';
import { type DataFolder, prepareDataFolder } from '../src/config/data-folder.ts';
import { loadSecrets } from '../src/config/secrets.ts';
import { serverSettings } from '../src/config/settings-table.ts';
import { type Backups, openBackups } from '../src/open-backups.ts';
import { openDatabase } from '../src/open-stores.ts';
import type { Database, FileStore } from '../src/ports/index.ts';

// A data folder of some orders and a file, new for each test of the file that imports this; what is exported is theirs.
export const START = Date.parse('2026-11-20T03:00:00Z');
export const clock = createManualClock(START);
export let dataDir: string;
export let folder: DataFolder;
export let database: Database;
export let files: FileStore;

export const settingsOf = (entries: Record<string, string> = {}) =>
  resolveSettings(serverSettings, [
    { kind: 'env', label: 'test', entries: { MAQUE_DATA_DIR: dataDir, ...entries } },
  ]).values;
export const backups = (): Backups => openBackups(settingsOf(), clock);

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maque-backups-'));
  folder = prepareDataFolder(dataDir);
  loadSecrets(folder);
  await open();
  await database.run({ sql: 'create table orders (id integer primary key, note text)', parameters: [] });
  await order(1, 2, 3);
  await putFile('u1/photo.png', 'pixels');
});
afterEach(async () => {
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

export async function open(): Promise<void> {
  database = await openDatabase({ settings: settingsOf(), folder, clock, attention: () => {} });
  files = await openDiskFileStore(folder.files);
}

export async function order(...ids: number[]): Promise<void> {
  for (const id of ids) {
    await database.run({ sql: 'insert into orders values (?, ?)', parameters: [id, `order ${id}`] });
  }
}

export async function putFile(key: string, text: string): Promise<void> {
  await files.put(
    key,
    (async function* () {
      yield Buffer.from(text);
    })(),
    { maxBytes: MiB, contentType: () => 'image/png' },
  );
}

export const orderIds = async () =>
  (await database.arrays({ sql: 'select id from orders order by id', parameters: [] })).flat();

export async function textOf(key: string): Promise<string | undefined> {
  const file = await files.open(key);
  if (file === undefined) return undefined;
  return Buffer.concat(await file.content.toArray()).toString();
}

/** As an operator does it: the service is stopped, the backup checked and put in place, the service started. */
export async function restore(backup: string, from: Parameters<Backups['check']>[1] = 'disk') {
  await database.close();
  const checked = await backups().check(backup, from);
  const restored = await backups().restore(checked);
  await open();
  return restored;
}
