import { resolve } from 'node:path';
import { MiB } from '@maque/kit';
import type { MaqueRequest } from '@maque/ops/plan';
import { findAppConfig } from '../app/find-app-config.ts';
import type { Invocation } from '../cli/command.ts';
import { readSettings } from '../settings/read-settings.ts';
import { toldOfServer } from '../settings/resolve-with-budget.ts';

type Told = Pick<MaqueRequest, 'memoryBytes' | 'workers' | 'oldSpaceMb' | 'server'>;

/**
 * What the app's settings say of its memory, as `maque start` would read them.
 * @param onlyFlags beside a file, which says the rest.
 * @throws CodedError APP_FOLDER_WITHOUT_CONFIG where a folder was named that has none; SettingsError with everything that is wrong in any source.
 */
export function toldOfMaque(invocation: Invocation, onlyFlags: boolean): Told {
  const [app] = invocation.arguments;
  // A folder that nobody names need not be one of an app.
  if (app !== undefined) findAppConfig(resolve(invocation.surroundings.cwd, app), 'written');
  const { memoryBytes, workers, oldSpaceMb, server } = toldOfServer(readSettings(invocation, app).settings);
  const counts = (flag: string) => !onlyFlags || invocation.settingFlags[flag] !== undefined;
  const { bodyLimitBytes, ...caches } = server;
  const isTold = bodyLimitBytes !== MiB || Object.values(caches).some((value) => value !== undefined);
  return {
    ...(memoryBytes !== undefined && counts('memory') ? { memoryBytes } : {}),
    ...(workers !== undefined && counts('workers') ? { workers } : {}),
    ...(oldSpaceMb !== undefined && counts('heap') ? { oldSpaceMb } : {}),
    ...(isTold && !onlyFlags ? { server: withoutUndefined(server) } : {}),
  };
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}
