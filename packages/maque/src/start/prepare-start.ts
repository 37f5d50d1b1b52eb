import { resolve } from 'node:path';
import type { AlertOptions } from '@maque/guard/alert';
import { type Budget, type DoesNotFit, readFacts } from '@maque/ops';
import { checkEnvironment } from '@maque/server/config/check-environment';
import { type DataFolder, prepareDataFolder } from '@maque/server/config/data-folder';
import { alertOptionsOf } from '../alert/alert-options-of.ts';
import { type ConfigPreference, findAppConfig } from '../app/find-app-config.ts';
import type { Invocation } from '../cli/command.ts';
import { refuseSecondStart } from '../control/ask-keeper.ts';
import { dataDirOf } from '../settings/data-dir.ts';
import { type BudgetedSettings, resolveWithBudget } from '../settings/resolve-with-budget.ts';
import { readDotEnv, settingsSources } from '../settings/settings-sources.ts';
import { claimPort, nextFreePort } from './ports.ts';

/** Everything that is known and checked before the first worker starts. */
export interface PreparedStart {
  readonly appDir: string;
  readonly configPath: string;
  readonly folder: DataFolder;
  readonly settings: BudgetedSettings['settings'];
  readonly plan: Budget;
  readonly port: number;
  readonly metricsPort: number;
  /** Whom to tell when something goes wrong; undefined for nobody. */
  readonly alerts: AlertOptions | undefined;
  /** Variables of the app's `.env` file, for code of the app that reads them. */
  readonly dotEnv: NodeJS.Dict<string>;
}

export interface StartWishes {
  readonly prefer: ConfigPreference;
  /** So many workers, whatever the settings say. */
  readonly workers?: number;
}

/**
 * Checks all that can be checked without starting anything, what is cheapest and least changing first: nothing is
 * written before the settings are right and the budget fits.
 * @throws SettingsError, CodedError, or AggregateError of several CodedErrors.
 */
export async function prepareStart(
  { arguments: [given = '.'], settingFlags, surroundings }: Invocation,
  wishes: StartWishes,
): Promise<PreparedStart | DoesNotFit> {
  const { env, cwd, language } = surroundings;
  const appDir = resolve(cwd, given);
  const dotEnv = readDotEnv(appDir);
  const sources = settingsSources({ dotEnv, env, flags: settingFlags });
  const { settings, plan } = resolveWithBudget(sources, readFacts(), wishes);
  // The sum says more than what would be found of limits that no plan filled in.
  if (!plan.fits) return plan;
  const problems = checkEnvironment(settings.values);
  if (problems.length > 0) throw new AggregateError(problems);
  const alerts = alertOptionsOf(settings.values, appDir, language);
  const configPath = findAppConfig(appDir, wishes.prefer);

  const dataDir = dataDirOf(settings, { appDir, cwd });
  await refuseSecondStart(dataDir);
  const port = await claimPort(settings.values.host, settings.values.port);
  const metricsPort = settings.values.metricsPort ?? (await nextFreePort(port + 1));
  const folder = prepareDataFolder(dataDir);
  return { appDir, configPath, folder, settings, plan, port, metricsPort, alerts, dotEnv };
}
