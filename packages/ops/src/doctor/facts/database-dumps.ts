import type { Host } from '../host/host.ts';
import type { AppFolder } from './app-folders.ts';
import { pathsLike } from './paths-like.ts';

/** The newest dump of a database that was found. */
export interface DumpFacts {
  readonly path: string;
  readonly modifiedAtMs: number;
  readonly bytes: number;
}

export interface Dumps {
  readonly newest: DumpFacts | null;
  /** Folders that are there and may not be read. */
  readonly closed: readonly string[];
}

/** BT panel, 1Panel, Debian's scripts, and what people call such folders. */
const FOLDERS = [
  '/www/backup',
  '/opt/1panel/backup',
  '/var/backups',
  '/var/lib/automysqlbackup',
  '/backup',
  '/backups',
  '/data/backup',
  '/data/backups',
  '/root/backup',
  '/root/backups',
  '/home/backup',
  '/home/*/backup',
  '/home/*/backups',
  '/opt/backup',
  '/opt/backups',
  '/srv/backup',
  '/srv/backups',
  '/srv/*/backups',
];
/** Dumps of MariaDB and MySQL, whole copies, and archives of panels. Debian keeps lists of packages beside them. */
const DUMP =
  /\.(sql|dump|xb|mbstream|xbstream|rdb|bak)(\.(gz|xz|zst|bz2|zip|7z|enc|gpg))*$|(sql|db|dump|database|mysql|mariadb|backup)[^/]*\.(tar|tgz|zip|tar\.\w+|gz|xz|zst)$/i;
const PACKAGE_LISTS = /\/(dpkg|apt|alternatives|aptitude)\b[^/]*$/;
const DEEPEST = 4;
const MOST_ENTRIES = 3_000;

export async function findDumps(host: Host, apps: readonly AppFolder[]): Promise<Dumps> {
  const known = await Promise.all(FOLDERS.map((pattern) => pathsLike(host, pattern)));
  const own = apps.flatMap(({ path }) => [`${path}/backup`, `${path}/backups`, `${path}/data/backups`]);
  const closed: string[] = [];
  let newest: DumpFacts | null = null;
  let left = MOST_ENTRIES;
  const walk = async (folder: string, depth: number): Promise<void> => {
    const names = await host.list(folder);
    if (names.kind === 'unreadable') closed.push(folder);
    if (names.kind !== 'value' || left <= 0) return;
    left -= names.value.length;
    for (const path of names.value.map((name) => `${folder}/${name}`)) {
      const facts = await host.stat(path);
      if (facts.kind !== 'value') continue;
      const { kind, bytes, modifiedAtMs } = facts.value;
      if (kind === 'folder' && depth > 0) await walk(path, depth - 1);
      // A dump that failed is mostly a file without content.
      const isDump = kind === 'file' && bytes > 0 && DUMP.test(path) && !PACKAGE_LISTS.test(path);
      if (isDump && modifiedAtMs > (newest?.modifiedAtMs ?? 0)) newest = { path, modifiedAtMs, bytes };
    }
  };
  for (const folder of [...known.flat(), ...own]) await walk(folder, DEEPEST);
  return { newest, closed };
}
