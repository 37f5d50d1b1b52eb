import { join, resolve } from 'node:path';
import type { ResolvedSettings } from '@maque/kit';
import type { maqueSettings } from './settings-table.ts';

/**
 * The data folder as an absolute path. What a person types or exports is meant from where they stand; the default and
 * the app's own `.env` are meant from the app.
 */
export function dataDirOf(
  { values, origins }: ResolvedSettings<typeof maqueSettings>,
  place: { readonly appDir: string; readonly cwd: string },
): string {
  const fromApp = origins.dataDir === 'default' || origins.dataDir === '.env';
  return resolve(fromApp ? place.appDir : place.cwd, values.dataDir);
}

/** The keeper's control socket in a data folder; whoever can connect to it finds a living keeper. */
export function controlSocketIn(dataDir: string): string {
  return join(dataDir, 'control.sock');
}
