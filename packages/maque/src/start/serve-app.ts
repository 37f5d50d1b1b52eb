import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { collectGarbage } from '@maque/guard';
import type { Keeper, KeeperOptions, LaunchOptions } from '@maque/keeper';
import { createAdminLink } from '@maque/server/admin-link';
import type { ExitCode, Surroundings } from '../cli/command.ts';
import { openOutput } from '../logs/open-output.ts';
import { controlSocketIn } from '../settings/data-dir.ts';
import { needsSimulator } from '../settings/resolve-with-budget.ts';
import { supervisionOf } from '../settings/supervision-settings.ts';
import { workerEnvironment } from '../settings/worker-environment.ts';
import { type SimulatedWechat, startSimulatedWechat } from '../wechat/simulated-wechat.ts';
import { formatBanner, type WechatSide } from './banner.ts';
import { startKeeper } from './keeper-run.ts';
import { MOST_TRIES } from './ports.ts';
import type { PreparedStart, ReadStart } from './prepare-start.ts';
import { adminLinkUrl, serverUrl } from './server-url.ts';
import { stripTypesOnce } from './strip-types-once.ts';
import { workerLimitsOf } from './worker-limits.ts';

/** What `dev` does differently. */
export interface ServingMode {
  /** Settings of workers that differ unless the user says otherwise. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly keeper?: Partial<KeeperOptions>;
  /** Each worker strips types by itself: the next change comes soon, and one worker is all there is. */
  readonly stripsEachTime?: boolean;
  /** Called once the app serves. */
  readonly onServing?: (keeper: Keeper) => void;
}

/** Serves a prepared app until it is told to stop. */
export async function serveApp(
  prepared: PreparedStart,
  surroundings: Surroundings,
  mode: ServingMode = {},
): Promise<ExitCode> {
  const { settings, plan, folder, port, metricsPort } = prepared;
  const { terminal, language, installation } = surroundings;
  const { values } = settings;
  await using opened = new AsyncDisposableStack();

  let simulator: SimulatedWechat | undefined;
  if (needsSimulator(values)) {
    simulator = await startSimulatedWechat({
      fromPort: Math.max(port, metricsPort) + 1,
      serverUrl: serverUrl(values.host, port),
      keyFolder: join(folder.path, 'simulator'),
    });
    opened.defer(simulator.close);
  }
  const adminToken = createAdminLink(folder.path);
  const launch = async (read: ReadStart): Promise<LaunchOptions> => {
    const configPath = realpathSync(read.configPath);
    const stripped = mode.stripsEachTime === true ? {} : await stripTypesOnce(configPath, folder.path);
    return {
      exec: installation.workerScript,
      args: [configPath],
      cwd: read.appDir,
      env: {
        ...mode.environment,
        ...workerVariables(read, prepared, surroundings, simulator),
        ...stripped,
      },
      limits: workerLimitsOf(read.plan),
    };
  };
  await using output = openOutput(values.output, folder.path, surroundings);
  const keeper = await startKeeper(
    {
      ...(await launch(prepared)),
      reload: () => launch(prepared.reread()),
      workers: plan.workers,
      keeperBudgetBytes: plan.keeperBytes,
      surge: plan.spareFits,
      // A worker of ours speaks to the keeper itself.
      preload: false,
      controlSocketPath: controlSocketIn(folder.path),
      metricsPort,
      // Another start may have been faster since it was found free.
      metricsPortTries: values.metricsPort === undefined ? MOST_TRIES : 1,
      alerts: prepared.alerts,
      ...supervisionOf(values),
      // Not /readyz, which refuses while memory is short: just then a fresh worker is wanted.
      probePath: values.probePath ?? '/healthz',
      ...mode.keeper,
    },
    output,
    surroundings,
  );
  if (typeof keeper === 'number') return keeper;

  const url = serverUrl(values.host, port);
  const banner = formatBanner(
    {
      version: installation.version,
      env: values.env,
      url,
      metricsUrl: `${serverUrl('127.0.0.1', keeper.metricsPort ?? metricsPort)}/metrics`,
      wechat: wechatSide(prepared, simulator),
      adminLink: adminToken === undefined ? undefined : adminLinkUrl(url, adminToken),
      configPath: prepared.configPath,
      dataDir: folder.path,
      // Since this process began, which is what a person waits for.
      bootMs: performance.now(),
      plan,
    },
    terminal.style,
    language,
  );
  terminal.out(banner);
  // Planning, spawning and printing are over, and this process hardly allocates from here on.
  collectGarbage();
  mode.onServing?.(keeper);
  await keeper.ended;
  return 0;
}

/** All that a worker goes by: the app's own variables, then settings, then what was settled just now. */
function workerVariables(
  { dotEnv, settings }: ReadStart,
  { folder, port }: PreparedStart,
  { env, language }: Surroundings,
  simulator: SimulatedWechat | undefined,
): Record<string, string | undefined> {
  const ownVariables = Object.entries(dotEnv).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && env[entry[0]] === undefined,
  );
  return {
    ...Object.fromEntries(ownVariables),
    ...workerEnvironment(settings),
    ...simulator?.environment,
    PORT: String(port),
    MAQUE_DATA_DIR: folder.path,
    MAQUE_CONTROL_SOCKET: controlSocketIn(folder.path),
    MAQUE_LANG: language,
  };
}

function wechatSide({ settings }: PreparedStart, simulator: SimulatedWechat | undefined): WechatSide {
  if (simulator !== undefined) return { kind: 'simulator', url: simulator.url };
  const { wechatAppId, wechatBaseUrl } = settings.values;
  return wechatAppId === undefined ? { kind: 'none' } : { kind: 'real', url: wechatBaseUrl };
}
