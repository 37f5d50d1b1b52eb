import type { SettingsSource } from '@maque/kit';

// `@maque/guard/register` reads these and judges them, in whatever process it is loaded.
const GUARD_PREFIX = 'MAQUE_GUARD_';

/**
 * The environment of a process, or a file with variables, as a place of settings. What is the guard's own is left to it: an app
 * that has used it before it came under a keeper still has its variables.
 */
export function environmentSource(variables: NodeJS.Dict<string>, label = 'environment'): SettingsSource {
  const entries = Object.entries(variables).filter(([name]) => !name.startsWith(GUARD_PREFIX));
  return { kind: 'env', label, entries: Object.fromEntries(entries) };
}
