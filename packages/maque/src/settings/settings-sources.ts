import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { SettingsSource } from '@maque/kit';

/** What a command may say of settings, besides the environment. */
export interface SettingsInput {
  /** The variables of the app's `.env` file. */
  readonly dotEnv: NodeJS.Dict<string>;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: Readonly<Record<string, string | boolean>>;
}

/** The places where settings are looked for, weakest first: `.env`, the environment, the command line. */
export function settingsSources({ dotEnv, env, flags }: SettingsInput): SettingsSource[] {
  return [
    { kind: 'env', label: '.env', entries: dotEnv },
    { kind: 'env', label: 'environment', entries: env },
    { kind: 'flag', label: 'command line', entries: flags },
  ];
}

/** The variables of the app's `.env` file; none when there is no such file. */
export function readDotEnv(appDir: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(join(appDir, '.env'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
