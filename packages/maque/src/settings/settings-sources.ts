import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSystemErrorMessage, parseEnv } from 'node:util';
import type { SettingsSource } from '@maque/kit';
import { commandErrors } from '../cli/command-errors.ts';

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

/**
 * The variables of the app's `.env` file; none when there is no such file.
 * @throws CodedError DOTENV_UNREADABLE: going on without it would be going on with other settings than were written.
 */
export function readDotEnv(appDir: string): NodeJS.Dict<string> {
  const path = join(appDir, '.env');
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    const { code, errno = 0 } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw commandErrors.DOTENV_UNREADABLE({
      data: { path, reason: getSystemErrorMessage(errno) },
      cause: error,
    });
  }
}
