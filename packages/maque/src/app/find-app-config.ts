import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commandErrors } from '../cli/command-errors.ts';

const COMPILED = join('dist', 'maque.config.js');
const WRITTEN = ['maque.config.js', 'maque.config.mjs', 'maque.config.ts'];

// Nothing in these is a source of the app, and node_modules alone can hold 10,000 files.
const NOT_SOURCES = new Set(['node_modules', 'dist', 'data', 'data-staging', 'data-prod']);

/** How a config is looked for: built JavaScript first, or as written, where it is edited all the time. */
export type ConfigPreference = 'compiled' | 'written';

/**
 * Finds the file that exports the app. Compiled JavaScript counts only while no source is newer; TypeScript as it is
 * written works too, by Node's own type stripping.
 * @throws CodedError APP_FOLDER_WITHOUT_CONFIG.
 */
export function findAppConfig(appDir: string, preference: ConfigPreference): string {
  const compiled = join(appDir, COMPILED);
  const compiledMs = modifiedMs(compiled);
  const written = WRITTEN.map((name) => join(appDir, name)).find((path) => modifiedMs(path) !== undefined);
  if (written === undefined) {
    if (compiledMs !== undefined) return compiled;
    throw commandErrors.APP_FOLDER_WITHOUT_CONFIG({ data: { folder: appDir } });
  }
  const useCompiled = preference === 'compiled' && newestSourceMs(appDir) <= (compiledMs ?? 0);
  return useCompiled ? compiled : written;
}

function newestSourceMs(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || NOT_SOURCES.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestSourceMs(path));
    else if (isSource(entry.name)) newest = Math.max(newest, modifiedMs(path) ?? 0);
  }
  return newest;
}

function isSource(name: string): boolean {
  return /\.(ts|mts|js|mjs)$/.test(name) && !/\.(test|d)\.\w+$/.test(name);
}

function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
