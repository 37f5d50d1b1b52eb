import type { ResolvedSettings } from '@maque/kit';
import { alertSettings } from './alert-settings.ts';
import { maqueSettings } from './settings-table.ts';

/**
 * The settings as environment of a worker, which reads nothing else: defaults are left out, since it knows them.
 * Alerts are the keeper's, and so are their secrets. Durations travel as milliseconds and sizes as bytes, so that nothing is lost to rounding.
 */
export function workerEnvironment(settings: ResolvedSettings<typeof maqueSettings>): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, { env }] of Object.entries(maqueSettings)) {
    if (name in alertSettings) continue;
    const value = settings.values[name as keyof typeof maqueSettings];
    if (value === undefined || settings.origins[name as keyof typeof maqueSettings] === 'default') continue;
    environment[env] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return environment;
}
