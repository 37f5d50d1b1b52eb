import { join, resolve } from 'node:path';
import type { ResolvedSettings } from '@maque/kit';
import { commandErrors } from '../cli/command-errors.ts';
import type { maqueSettings } from './settings-table.ts';

/**
 * The data folder as an absolute path. What a person types or exports is meant from where they stand; the default and
 * the app's own `.env` files are meant from the app. By default each environment has its own: `data`, `data-staging`,
 * `data-prod`.
 */
export function dataDirOf(
  { values, origins }: ResolvedSettings<typeof maqueSettings>,
  place: { readonly appDir: string; readonly cwd: string },
): string {
  const { dataDir, env } = values;
  if (origins.dataDir === 'default')
    return resolve(place.appDir, env === 'dev' ? dataDir : `${dataDir}-${env}`);
  return resolve(origins.dataDir.startsWith('.env') ? place.appDir : place.cwd, dataDir);
}

/** The keeper's control socket in a data folder; whoever can connect to it finds a living keeper. */
export function controlSocketIn(dataDir: string): string {
  return join(dataDir, 'control.sock');
}

/** What to throw for a failure on something in a data folder: DATA_FOLDER_DENIED where the system denied access to it. */
export function deniedOr(error: unknown, dataDir: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EACCES') return error;
  return commandErrors.DATA_FOLDER_DENIED({ data: { path: dataDir }, cause: error });
}
