import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commandErrors } from '../cli/command-errors.ts';

const BUILT = 'dist';
const COMPILED = join(BUILT, 'maque.config.js');
const WRITTEN = ['maque.config.js', 'maque.config.mjs', 'maque.config.ts'];

// Nothing in these is a source of the app, and node_modules alone can hold 10,000 files.
const NOT_SOURCES = new Set(['node_modules', BUILT, 'data', 'data-staging', 'data-prod']);

/** How a config is looked for: built JavaScript first, or as written, where it is edited all the time. */
export type ConfigPreference = 'compiled' | 'written';

/**
 * Finds the file that exports the app. Compiled JavaScript counts only while no source is newer than the newest of what
 * was built: a compiler that builds what has changed leaves the rest as old as it was. TypeScript as it is written works
 * too, by Node's own type stripping.
 * @throws CodedError APP_FOLDER_WITHOUT_CONFIG.
 */
export function findAppConfig(appDir: string, preference: ConfigPreference): string {
  const compiled = join(appDir, COMPILED);
  const isCompiled = modifiedMs(compiled) !== undefined;
  const written = WRITTEN.map((name) => join(appDir, name)).find((path) => modifiedMs(path) !== undefined);
  if (written === undefined) {
    if (isCompiled) return compiled;
    throw commandErrors.APP_FOLDER_WITHOUT_CONFIG({ data: { folder: appDir } });
  }
  if (preference === 'written' || !isCompiled) return written;
  return newestMs(appDir, isSource) <= newestMs(join(appDir, BUILT), isBuilt) ? compiled : written;
}

function newestMs(folder: string, counts: (name: string) => boolean): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && counts(entry.name)) newest = Math.max(newest, modifiedMs(path) ?? 0);
    else if (entry.isDirectory() && !entry.name.startsWith('.') && !NOT_SOURCES.has(entry.name))
      newest = Math.max(newest, newestMs(path, counts));
  }
  return newest;
}

function isSource(name: string): boolean {
  return /^[^.].*\.(ts|mts|js|mjs)$/.test(name) && !/\.(test|d)\.\w+$/.test(name);
}

/** TypeScript writes its record of a build also where nothing else was to be written. */
function isBuilt(name: string): boolean {
  return /\.(js|mjs|tsbuildinfo)$/.test(name);
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
