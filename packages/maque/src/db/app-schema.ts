import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '@maque/kit';
import { dataFolderAt } from '@maque/server/config/data-folder';
import { type ChangeWishes, openSchema, type Schema } from '@maque/server/schema';
import { findAppConfig } from '../app/find-app-config.ts';
import type { Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { deniedOr } from '../settings/data-dir.ts';
import { readSettings } from '../settings/read-settings.ts';

/**
 * Does something with the tables of the app that is the command's argument, a server running or not.
 * @throws CodedError DATABASE_MISSING, DATA_FOLDER_DENIED, or of the app that cannot be loaded.
 */
export async function withSchema<T>(invocation: Invocation, use: (schema: Schema) => Promise<T>): Promise<T> {
  const [app = '.'] = invocation.arguments;
  const { settings, dataDir } = readSettings(invocation, app);
  const folder = dataFolderAt(dataDir);
  if (!existsSync(folder.database)) throw commandErrors.DATABASE_MISSING({ data: { path: folder.database } });
  const { values } = settings;
  const config = findAppConfig(
    resolve(invocation.surroundings.cwd, app),
    values.env === 'dev' ? 'written' : 'compiled',
  );
  try {
    const schema = await openSchema({ app: config, settings: values, folder, clock: systemClock });
    return await use(schema).finally(() => schema.close());
  } catch (error) {
    throw deniedOr(error, dataDir);
  }
}

/** What the options of a command that changes tables say. */
export function wishesOf({ options }: Invocation): ChangeWishes {
  return {
    allowDataLoss: options['allow-data-loss'] === true,
    makesBackup: options['without-backup'] !== true,
  };
}
