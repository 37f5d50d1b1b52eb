import type { ResolvedSettings } from '@maque/kit';
import { alertSettings } from './alert-settings.ts';
import { maqueSettings } from './settings-table.ts';
import { supervisionSettings } from './supervision-settings.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables that no worker gets: alerts are the keeper's, and whoever reads a worker's memory finds none of their secrets. */
export const keeperOnly: Variables = Object.fromEntries(
  Object.values(alertSettings).map(({ env }) => [env, undefined]),
);

/**
 * The settings as environment of a worker, which reads nothing else: defaults are left out, since it knows them.
 * Durations travel as milliseconds and sizes as bytes, so that nothing is lost to rounding.
 */
export function workerEnvironment(settings: ResolvedSettings<typeof maqueSettings>): Variables {
  const environment: Record<string, string | undefined> = { ...keeperOnly };
  for (const [name, { env }] of Object.entries(maqueSettings)) {
    if (name in alertSettings || name in supervisionSettings) continue;
    const value = settings.values[name as keyof typeof maqueSettings];
    if (value === undefined || settings.origins[name as keyof typeof maqueSettings] === 'default') continue;
    environment[env] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return environment;
}
