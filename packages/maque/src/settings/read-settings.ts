import { resolve } from 'node:path';
import { type ResolvedSettings, resolveSettings, type SettingsSource } from '@maque/kit';
import type { BoxFacts } from '@maque/ops';
import type { Invocation } from '../cli/command.ts';
import { dataDirOf } from './data-dir.ts';
import { type BudgetedSettings, resolveWithBudget } from './resolve-with-budget.ts';
import { readSettingsSources } from './settings-sources.ts';
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
export function readSettings(invocation: Invocation, app = '.'): ReadSettings {
  const { cwd } = invocation.surroundings;
  const appDir = resolve(cwd, app);
  const settings = resolveSettings(maqueSettings, sourcesOf(invocation, appDir));
  return { settings, dataDir: dataDirOf(settings, { appDir, cwd }) };
}

/**
 * The settings and the memory plan of the app that is a command's first argument, or of the current folder.
 * @throws SettingsError with everything that is wrong in any source.
 */
export function readBudgetedSettings(invocation: Invocation, facts: BoxFacts): BudgetedSettings {
  const [app = '.'] = invocation.arguments;
  return resolveWithBudget(sourcesOf(invocation, resolve(invocation.surroundings.cwd, app)), facts);
}

function sourcesOf({ settingFlags, surroundings }: Invocation, appDir: string): readonly SettingsSource[] {
  return readSettingsSources(appDir, { env: surroundings.env, flags: settingFlags }).sources;
}
