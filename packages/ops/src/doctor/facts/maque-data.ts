import type { Host } from '../host/host.ts';
import { type AppFolder, pathOf } from './app-folders.ts';
import type { ProcessFacts } from './processes.ts';

/** A data folder of Maque, with what the app was told of backups. */
export interface MaqueData {
  readonly folder: string;
  readonly isDevelopment: boolean;
  /** In an object store, which cannot be seen from here. */
  readonly backsUpToStore: boolean;
  /** Milliseconds since the epoch; null where there is none, undefined where the folder may not be read. */
  readonly newestBackupMs: number | null | undefined;
}

const DATABASE = 'maque.db';
/** The time that a backup's name is made of: `2026-11-20T030000.000Z`. */
const BACKUP_NAME = /^(\d{4}-\d\d-\d\dT\d\d)(\d\d)(\d\d\.\d{3}Z)$/;

/** Data folders of the Maque apps that run, and of those whose usual folder has a database in it. */
export async function readMaqueData(
  host: Host,
  processes: readonly ProcessFacts[],
  apps: readonly AppFolder[],
): Promise<readonly MaqueData[]> {
  const found = new Map<string, MaqueData>();
  for (const process of processes) {
    const told = process.environment?.get('MAQUE_DATA_DIR');
    if (told !== undefined && told !== '')
      await look(host, await pathOf(host, process, told), process, found);
  }
  for (const { path, process } of apps) await look(host, `${path}/data`, process, found);
  return [...found.values()];
}

async function look(
  host: Host,
  folder: string,
  { environment }: ProcessFacts,
  found: Map<string, MaqueData>,
): Promise<void> {
  if (found.has(folder) || (await host.stat(`${folder}/${DATABASE}`)).kind === 'absent') return;
  const marked = await host.read(`${folder}/environment`);
  const told = environment?.get('MAQUE_ENV') ?? (marked.kind === 'value' ? marked.value.trim() : 'dev');
  found.set(folder, {
    folder,
    isDevelopment: told === 'dev',
    backsUpToStore: environment?.get('MAQUE_BACKUP_TO') === 'store',
    newestBackupMs: await newest(host, `${folder}/backups`),
  });
}

async function newest(host: Host, folder: string): Promise<number | null | undefined> {
  const names = await host.list(folder);
  if (names.kind === 'unreadable') return undefined;
  const times = (names.kind === 'value' ? names.value : []).map((name) =>
    Date.parse(name.replace(BACKUP_NAME, '$1:$2:$3')),
  );
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length === 0 ? null : Math.max(...known);
}
