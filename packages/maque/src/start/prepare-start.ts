import { resolve } from 'node:path';
import type { AlertOptions } from '@maque/guard/alert';
import { type Budget, type DoesNotFit, readFacts } from '@maque/ops';
import { checkEnvironment } from '@maque/server/config/check-environment';
import { claimDataFolder, type DataFolder, prepareDataFolder } from '@maque/server/config/data-folder';
import { alertOptionsOf } from '../alert/alert-options-of.ts';
import { type ConfigPreference, findAppConfig } from '../app/find-app-config.ts';
import type { Invocation } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { refuseSecondStart } from '../control/ask-keeper.ts';
import { dataDirOf } from '../settings/data-dir.ts';
import { logicalFolder } from '../settings/logical-folder.ts';
import { type BudgetedSettings, resolveWithBudget } from '../settings/resolve-with-budget.ts';
import { readSettingsSources } from '../settings/settings-sources.ts';
import { claimPort, nextFreePort } from './ports.ts';

/** What the settings, the code and the box say, without a change to anything. */
export interface ReadStart {
  readonly appDir: string;
  readonly configPath: string;
  readonly settings: BudgetedSettings['settings'];
  readonly plan: Budget;
  /** Whom to tell when something goes wrong; undefined for nobody. */
  readonly alerts: AlertOptions | undefined;
  /** Variables of the app's `.env` files, for code of the app that reads them. */
  readonly dotEnv: NodeJS.Dict<string>;
}

/** Everything that is known and checked before the first worker starts. */
export interface PreparedStart extends ReadStart {
  readonly folder: DataFolder;
  readonly port: number;
  readonly metricsPort: number;
  /** Reads all once more, for as many workers as there are, when new code or settings are to come in. @throws CodedError */
  readonly reread: () => ReadStart;
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
  invocation: Invocation,
  wishes: StartWishes,
): Promise<PreparedStart | DoesNotFit> {
  const read = readStart(invocation, wishes);
  if ('fits' in read) return read;
  const { appDir, settings, plan } = read;
  const dataDir = dataDirOf(settings, { appDir, cwd: invocation.surroundings.cwd });
  await refuseSecondStart(dataDir);
  const port = await claimPort(settings.values.host, settings.values.port);
  const metricsPort = settings.values.metricsPort ?? (await nextFreePort(port + 1));
  const folder = prepareDataFolder(dataDir);
  claimDataFolder(folder, settings.values.env);
  const reread = () => {
    const fresh = readStart(invocation, { ...wishes, workers: plan.workers });
    if ('fits' in fresh) throw commandErrors.BUDGET_TOO_SMALL({ data: { workers: plan.workers } });
    return fresh;
  };
  return { ...read, folder, port, metricsPort, reread };
}

function readStart(
  { arguments: [given = '.'], settingFlags, surroundings }: Invocation,
  wishes: StartWishes,
): ReadStart | DoesNotFit {
  const { env, cwd, language } = surroundings;
  const appDir = resolve(logicalFolder(cwd, env), given);
  const { sources, variables } = readSettingsSources(appDir, { env, flags: settingFlags });
  const { settings, plan } = resolveWithBudget(sources, readFacts(), wishes);
  // The sum says more than what would be found of limits that no plan filled in.
  if (!plan.fits) return plan;
  const problems = checkEnvironment(settings.values, appDir);
  if (problems.length > 0) throw new AggregateError(problems);
  const alerts = alertOptionsOf(settings.values, appDir, language);
  return {
    appDir,
    configPath: findAppConfig(appDir, wishes.prefer),
    settings,
    plan,
    alerts,
    dotEnv: variables,
  };
}
