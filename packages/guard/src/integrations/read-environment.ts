import {
  languageFrom,
  resolveSettings,
  SettingsError,
  type SettingsOf,
  type SettingsTable,
} from '@maque/kit';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What could be read, and a line in the user's language for each thing that could not. */
export interface EnvironmentReading<Values> {
  readonly values: Values;
  readonly problems: readonly string[];
}

/** Reads a table from the environment; what is wrong is told, and as if it were not set. @param prefix of its variables. */
export function readEnvironment<const Table extends SettingsTable>(
  table: Table,
  env: Environment,
  prefix: string,
): EnvironmentReading<SettingsOf<Table>> {
  const read = (entries: Environment) =>
    resolveSettings(table, [{ kind: 'env', label: 'environment', entries }], [prefix]).values;
  try {
    return { values: read(env), problems: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const wrong = new Set(error.problems.map(({ key }) => key));
    const rest = Object.fromEntries(Object.entries(env).filter(([key]) => !wrong.has(key)));
    return { values: read(rest), problems: error.linesIn(languageOf(env)) };
  }
}

export function languageOf(env: Environment) {
  return languageFrom(env.MAQUE_LANG ?? env.LC_ALL ?? env.LANG);
}
