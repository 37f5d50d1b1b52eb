import type { Bytes } from '@maque/kit';
import type { Host } from '../host/host.ts';
import type { AppFolder } from './app-folders.ts';
import type { OpenFile } from './open-files.ts';
import { pathsLike } from './paths-like.ts';
import type { ProcessFacts } from './processes.ts';

export interface LogFile {
  readonly path: string;
  readonly bytes: Bytes;
  readonly uid: number;
  readonly modifiedAtMs: number;
  /** Who has it open, as far as that may be seen. */
  readonly writer: ProcessFacts | null;
}

export interface LogFiles {
  readonly files: readonly LogFile[];
  /** Folders that are there and may not be read. */
  readonly closed: readonly string[];
}

/** Where logs are put: distributions, PM2, BT panel, 1Panel, own builds, and what tutorials write. */
const FOLDERS = [
  '/var/log',
  '/root/.pm2/logs',
  '/home/*/.pm2/logs',
  '/www/wwwlogs',
  '/www/server/*/logs',
  '/www/wwwroot/*/logs',
  '/opt/1panel/log',
  '/opt/1panel/apps/openresty/openresty/log',
  '/opt/1panel/www/sites/*/log',
  '/usr/local/*/logs',
  '/opt/*/logs',
  '/srv/*/logs',
  '/home/*/logs',
  '/data/logs',
];
/** Bounded by others: the journal by itself, containers' by check B9. */
const SKIPPED = /^\/var\/log\/(journal|pods|containers|sa|sysstat|installer)$/;
const DEEPEST = 3;
const MOST_FILES = 3_000;
/** An app's own: its folder for logs, and what `nohup` writes. */
const APP_LOGS = /\.(log|out|err)$/;
/** What is open for writing and is no log: data, locks, sockets. */
const LOG_NAME = /\.(log|out|err)(\.\d+)?$|(^|\/)logs?\/[^/]+$|(access|error)[-_.]?log|console\.log/;

/** Log files of the box, with who writes them. */
export async function findLogFiles(
  host: Host,
  apps: readonly AppFolder[],
  open: readonly OpenFile[],
): Promise<LogFiles> {
  const writers = new Map(
    open.filter(({ isDeleted }) => !isDeleted).map(({ path, process }) => [path, process]),
  );
  const finder = new Finder(host, writers);
  const folders = await Promise.all(FOLDERS.map((pattern) => pathsLike(host, pattern)));
  for (const folder of folders.flat()) await finder.walk(folder, DEEPEST, () => true);
  for (const { path } of apps) {
    await finder.walk(path, 0, (name) => APP_LOGS.test(name));
    for (const name of ['logs', 'log']) await finder.walk(`${path}/${name}`, 1, () => true);
  }
  for (const path of writers.keys()) if (LOG_NAME.test(path)) await finder.see(path);
  return { files: [...finder.found.values()], closed: finder.closed };
}

class Finder {
  readonly found = new Map<string, LogFile>();
  readonly closed: string[] = [];
  readonly #host: Host;
  readonly #writers: ReadonlyMap<string, ProcessFacts>;

  constructor(host: Host, writers: ReadonlyMap<string, ProcessFacts>) {
    this.#host = host;
    this.#writers = writers;
  }

  async walk(folder: string, depth: number, isMeant: (name: string) => boolean): Promise<void> {
    if (SKIPPED.test(folder) || this.found.size >= MOST_FILES) return;
    const names = await this.#host.list(folder);
    if (names.kind === 'unreadable') this.closed.push(folder);
    if (names.kind !== 'value') return;
    const meant = names.value.filter((name) => depth > 0 || isMeant(name));
    const kinds = await Promise.all(meant.map((name) => this.see(`${folder}/${name}`, isMeant(name))));
    for (const [at, kind] of kinds.entries())
      if (kind === 'folder' && depth > 0) await this.walk(`${folder}/${meant[at]}`, depth - 1, isMeant);
  }

  async see(path: string, keep = true): Promise<string> {
    const facts = await this.#host.stat(path);
    if (facts.kind !== 'value') return facts.kind;
    const { kind, bytes, uid, modifiedAtMs } = facts.value;
    if (kind === 'file' && keep && this.found.size < MOST_FILES)
      this.found.set(path, { path, bytes, uid, modifiedAtMs, writer: this.#writers.get(path) ?? null });
    return kind;
  }
}
