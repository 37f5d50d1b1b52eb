import { readFileSync } from 'node:fs';
import { say } from '@maque/kit';
import type { Guard } from '../guard.ts';
import type { GuardOptions } from '../guard-options.ts';
import { attempt } from '../sample/attempt.ts';
import { watch } from '../watch.ts';
import type { MetricsAddress } from './metrics-address.ts';
import { type Environment, languageOf } from './read-environment.ts';
import { type RegisterSettings, readRegisterSettings } from './register-settings.ts';

const METRICS_OFF = {
  en: 'Metrics cannot be told on {host}:{port} ({code}); another worker may be telling its own there. Tried again every 15 s',
  zh: '指标端口 {host}:{port} 暂时无法使用（{code}），可能已有另一个进程在提供指标。每 15 秒重试一次',
};

/** Starts the guard, and what the environment asks for beside it; each part is loaded only if it is wanted. */
export function startRegistered(env: Environment): void {
  const { values, problems } = readRegisterSettings(env);
  if (problems.length > 0) warn(problems.join('\n'));
  const guard = watchWith(guardOptions(values, env));
  const { metrics, metricsToken } = values;
  if (metrics !== undefined) tellMetrics(guard, metrics, metricsToken, env).catch(warnOf);
  if (Object.keys(env).some((name) => name.startsWith('MAQUE_ALERT_'))) tellPeople(guard, env).catch(warnOf);
}

async function tellPeople(guard: Guard, env: Environment): Promise<void> {
  const { startAlerts } = await import('./register-alerts.ts');
  startAlerts(guard, env, warn);
}

function watchWith(options: GuardOptions | undefined): Guard {
  try {
    return watch(options);
  } catch (error) {
    warnOf(error);
    return watch();
  }
}

/** Undefined when the environment asks for nothing, so that no second `watch()` of the app is warned of. */
function guardOptions(
  { baseline, appVersion, reports }: RegisterSettings,
  env: Environment,
): GuardOptions | undefined {
  if (baseline === undefined && reports === undefined) return undefined;
  // The file remembers versions; where nobody names one, all of them count as one.
  const version = appVersion ?? env.npm_package_version ?? versionOfFolder() ?? 'unknown';
  return {
    baseline: baseline === undefined ? null : { file: baseline, version },
    reports: reports === undefined ? null : { dir: reports, language: languageOf(env) },
  };
}

function versionOfFolder(): string | null {
  return attempt(() => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version?: unknown };
    return typeof version === 'string' && version !== '' ? version : null;
  });
}

async function tellMetrics(
  guard: Guard,
  address: MetricsAddress,
  token: string | undefined,
  env: Environment,
): Promise<void> {
  const [{ MetricsEndpoint }, { default: cluster }] = await Promise.all([
    import('./metrics-endpoint.ts'),
    import('node:cluster'),
  ]);
  const isParent = cluster.isPrimary && Object.keys(cluster.workers ?? {}).length > 0;
  if (isParent) return;
  const onTrouble = ({ code }: NodeJS.ErrnoException) => {
    warn(say(METRICS_OFF, languageOf(env), { ...address, code }));
  };
  const endpoint = new MetricsEndpoint({ guard, address, token, onTrouble });
  // The work is done in the workers: the first of them gets the port.
  if (cluster.isPrimary) cluster.once('fork', () => endpoint.close());
}

function warnOf(error: unknown): void {
  warn(String(error));
}

function warn(message: string): void {
  process.emitWarning(message, { code: 'MAQUE_GUARD_SETTINGS' });
}
