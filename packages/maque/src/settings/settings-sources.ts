import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { SettingsSource } from '@maque/kit';
import { serverSettings } from '@maque/server/config/settings-table';
import { commandErrors } from '../cli/command-errors.ts';
import { systemReason } from '../cli/system-reason.ts';
import { environmentSource } from './environment-source.ts';

/** What a command may say of settings, besides the app's own files. */
export interface SettingsInput {
  readonly env: NodeJS.ProcessEnv;
  readonly flags: Readonly<Record<string, string | boolean>>;
}

/** Where settings were looked for. */
export interface SettingsSources {
  /** Weakest first: `.env`, `.env.staging` and its like, the environment, the command line. */
  readonly sources: readonly SettingsSource[];
  /** The variables of the app's files, for code of the app that reads them. */
  readonly variables: NodeJS.Dict<string>;
}

/**
 * The places where settings are looked for. Which environment it is decides which file is read beside `.env`, so no such
 * file can decide it.
 * @throws CodedError DOTENV_UNREADABLE: going on without it would be going on with other settings than were written.
 */
export function readSettingsSources(appDir: string, { env, flags }: SettingsInput): SettingsSources {
  const shared = readDotEnv(appDir, '.env');
  const own = `.env.${environmentName(shared, env, flags)}`;
  const particular = readDotEnv(appDir, own);
  return {
    sources: [
      environmentSource(shared, '.env'),
      environmentSource(particular, own),
      environmentSource(env),
      { kind: 'flag', label: 'command line', entries: flags },
    ],
    variables: { ...shared, ...particular },
  };
}

/** As it will be resolved; what is none of the choices has no file, and is refused when all is resolved. */
function environmentName(
  shared: NodeJS.Dict<string>,
  env: NodeJS.ProcessEnv,
  flags: SettingsInput['flags'],
): string {
  const { env: definition } = serverSettings;
  const given = [flags[definition.flag], env[definition.env], shared[definition.env]];
  const name = given.find((one) => typeof one === 'string' && one !== '');
  return definition.choices.find((choice) => choice === name) ?? definition.default;
}

function readDotEnv(appDir: string, name: string): NodeJS.Dict<string> {
  const path = join(appDir, name);
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === 'ENOENT') return {};
    throw commandErrors.DOTENV_UNREADABLE({
      data: { path, reason: systemReason(failure) },
      cause: error,
    });
  }
}
