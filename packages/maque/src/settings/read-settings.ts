import { resolve } from 'node:path';
import { type ResolvedSettings, resolveSettings } from '@maque/kit';
import type { Invocation } from '../cli/command.ts';
import { dataDirOf } from './data-dir.ts';
import { readDotEnv, settingsSources } from './settings-sources.ts';
import { maqueSettings } from './settings-table.ts';

export interface ReadSettings {
  readonly settings: ResolvedSettings<typeof maqueSettings>;
  readonly dataDir: string;
}

/**
 * The settings that a command goes by where no memory plan is needed.
 * @param app the folder of the app as it was given, the current one unless told.
 * @throws SettingsError with everything that is wrong in any source.
 */
export function readSettings({ settingFlags, surroundings }: Invocation, app = '.'): ReadSettings {
  const { env, cwd } = surroundings;
  const appDir = resolve(cwd, app);
  const settings = resolveSettings(
    maqueSettings,
    settingsSources({ dotEnv: readDotEnv(appDir), env, flags: settingFlags }),
  );
  return { settings, dataDir: dataDirOf(settings, { appDir, cwd }) };
}
