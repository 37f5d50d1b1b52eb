import { type Language, say, type Text, type TextData } from './language.ts';
import { nearestName } from './nearest-name.ts';
import {
  type Bytes,
  formatBytes,
  formatDuration,
  type Milliseconds,
  parseBytes,
  parseDuration,
} from './units.ts';

/** The value type behind each setting type. */
interface SettingValues {
  string: string;
  path: string;
  boolean: boolean;
  integer: number;
  port: number;
  bytes: Bytes;
  duration: Milliseconds;
  list: readonly string[];
}

export type SettingType = keyof SettingValues;

/** One row of a settings table: everything that there is to know about a setting, once. */
export interface SettingDefinition<Type extends SettingType = SettingType> {
  readonly type: Type;
  /** The environment variable, e.g. `MAQUE_DATA_DIR`. */
  readonly env: string;
  /** The command-line flag without dashes, where there is one, e.g. `data-dir`. */
  readonly flag?: string;
  /** What holds when nobody says otherwise; without it the setting is optional and undefined. */
  readonly default?: SettingValues[Type];
  /** Why the default is what it is. */
  readonly reason?: string;
  /** Allowed values of a string. */
  readonly choices?: readonly SettingValues[Type][];
  /** Allowed members of a list. */
  readonly members?: readonly string[];
  /** Bounds of a number, in its own unit. */
  readonly min?: number;
  readonly max?: number;
  /** Never printed: shown as `(set)`. */
  readonly secret?: boolean;
  readonly meaning: Text;
  /** What the setting does to memory, where it does anything. */
  readonly memoryEffect?: Text;
}

export type SettingsTable = Readonly<Record<string, SettingDefinition>>;

type ValueOf<Definition extends SettingDefinition> =
  | (Definition extends { choices: readonly (infer Choice)[] } ? Choice : SettingValues[Definition['type']])
  | (Definition extends { default: unknown } ? never : undefined);

export type SettingsOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]>;
};

/** Where raw values come from, in the words that each place uses. Later sources win over earlier ones. */
export interface SettingsSource {
  readonly kind: 'file' | 'env' | 'flag';
  /** What people call it: `maque.config.ts`, `environment`, `command line`. */
  readonly label: string;
  /**
   * Raw values, keyed by setting name (`file`), variable (`env`) or flag (`flag`).
   * An unknown key is refused; of an environment only keys with the prefix given to `resolveSettings` are looked at.
   */
  readonly entries: Readonly<Record<string, unknown>>;
}

export interface SettingsProblem {
  readonly code: 'UNKNOWN' | 'INVALID';
  /** The key as the source spells it. */
  readonly key: string;
  readonly source: string;
  readonly text: Text;
  readonly data: TextData;
}

/** All that is wrong with the settings, at once. */
export class SettingsError extends Error {
  readonly problems: readonly SettingsProblem[];

  constructor(problems: readonly SettingsProblem[]) {
    super(problems.map((problem) => say(problem.text, 'en', problem.data)).join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }

  linesIn(language: Language): string[] {
    return this.problems.map((problem) => say(problem.text, language, problem.data));
  }
}

export interface ResolvedSettings<Table extends SettingsTable> {
  readonly values: SettingsOf<Table>;
  /** For each setting the label of the source that won, or `default`. */
  readonly origins: { readonly [Name in keyof Table]: string };
}

const PROBLEM = {
  unknown: { en: '{source}: unknown setting {key}', zh: '{source}：未知的设置 {key}' },
  unknownNear: {
    en: '{source}: unknown setting {key}; did you mean {nearest}?',
    zh: '{source}：未知的设置 {key}，是不是 {nearest}？',
  },
  invalid: {
    en: '{source}: {key} must be {expected}, not {actual}',
    zh: '{source}：{key} 应为 {expected}，而不是 {actual}',
  },
} satisfies Record<string, Text>;

/** Gives a table its literal types, so that {@link SettingsOf} knows each value. */
export function defineSettings<const Table extends SettingsTable>(table: Table): Table {
  return table;
}

/**
 * Reads all sources against a table. Empty text in an environment counts as not set, as it does in shells.
 * @param envPrefixes variables that start with one of these belong to the table, so an unknown one is a mistake.
 * @throws SettingsError with every unknown key and every invalid value of all sources.
 */
export function resolveSettings<const Table extends SettingsTable>(
  table: Table,
  sources: readonly SettingsSource[],
  envPrefixes: readonly string[] = ['MAQUE_'],
): ResolvedSettings<Table> {
  const values: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  const problems: SettingsProblem[] = [];
  for (const [name, definition] of Object.entries(table)) {
    values[name] = definition.default;
    origins[name] = 'default';
  }
  for (const source of sources) {
    const namesByKey = keysOf(table, source.kind);
    for (const [key, raw] of Object.entries(source.entries)) {
      const name = namesByKey.get(key);
      if (name === undefined) {
        if (source.kind === 'env' && !envPrefixes.some((prefix) => key.startsWith(prefix))) continue;
        problems.push(unknownKey(key, source, namesByKey.keys()));
        continue;
      }
      if (raw === undefined || (source.kind === 'env' && raw === '')) continue;
      const parsed = parseValue(table[name] as SettingDefinition, raw);
      if ('expected' in parsed) {
        problems.push(invalidValue(key, source, table[name] as SettingDefinition, parsed.expected, raw));
        continue;
      }
      values[name] = parsed.value;
      origins[name] = source.label;
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze({
    values: Object.freeze(values) as SettingsOf<Table>,
    origins: Object.freeze(origins) as ResolvedSettings<Table>['origins'],
  });
}

/** Prints one value as `maque config` shows it: units spelled out, secrets never. */
export function formatSetting(definition: SettingDefinition, value: unknown): string {
  if (value === undefined) return '-';
  if (definition.secret === true) return '(set)';
  if (definition.type === 'bytes') return formatBytes(value as Bytes);
  if (definition.type === 'duration') return formatDuration(value as Milliseconds);
  return Array.isArray(value) ? value.join(',') : String(value);
}

function keysOf(table: SettingsTable, kind: SettingsSource['kind']): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, definition] of Object.entries(table)) {
    const key = kind === 'file' ? name : kind === 'env' ? definition.env : definition.flag;
    if (key !== undefined) names.set(key, name);
  }
  return names;
}

function unknownKey(key: string, source: SettingsSource, known: Iterable<string>): SettingsProblem {
  const nearest = nearestName(key, known);
  const shown = spell(source, key);
  return {
    code: 'UNKNOWN',
    key,
    source: source.label,
    text: nearest === undefined ? PROBLEM.unknown : PROBLEM.unknownNear,
    data: { source: source.label, key: shown, nearest: nearest === undefined ? '' : spell(source, nearest) },
  };
}

function invalidValue(
  key: string,
  source: SettingsSource,
  definition: SettingDefinition,
  expected: string,
  raw: unknown,
): SettingsProblem {
  const actual = definition.secret === true ? '(hidden)' : JSON.stringify(raw)?.slice(0, 60);
  const data = { source: source.label, key: spell(source, key), expected, actual };
  return { code: 'INVALID', key, source: source.label, text: PROBLEM.invalid, data };
}

function spell(source: SettingsSource, key: string): string {
  return source.kind === 'flag' ? `--${key}` : key;
}

type Parsed = { readonly value: unknown } | { readonly expected: string };

function parseValue(definition: SettingDefinition, raw: unknown): Parsed {
  const parsed = PARSERS[definition.type](raw);
  if ('expected' in parsed) return parsed;
  if (definition.choices !== undefined && !definition.choices.includes(parsed.value as never)) {
    return { expected: `one of ${definition.choices.join(', ')}` };
  }
  const { members } = definition;
  if (members !== undefined && Array.isArray(parsed.value)) {
    const isAllowed = parsed.value.every((member) => members.includes(member));
    if (!isAllowed) return { expected: `a list of ${members.join(', ')}` };
  }
  if (typeof parsed.value === 'number') {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = definition;
    if (parsed.value < min || parsed.value > max) return { expected: rangeText(definition) };
  }
  return parsed;
}

function rangeText(definition: SettingDefinition): string {
  const { min, max } = definition;
  if (min !== undefined && max !== undefined) {
    return `from ${formatSetting({ ...definition, secret: false }, min)} to ${formatSetting({ ...definition, secret: false }, max)}`;
  }
  const bound = min === undefined ? ['at most', max] : ['at least', min];
  return `${bound[0]} ${formatSetting({ ...definition, secret: false }, bound[1])}`;
}

const PARSERS: Record<SettingType, (raw: unknown) => Parsed> = {
  string: parseText,
  path: parseText,
  boolean(raw) {
    if (raw === true || raw === 'true' || raw === '1') return { value: true };
    if (raw === false || raw === 'false' || raw === '0') return { value: false };
    return { expected: 'true or false' };
  },
  integer: (raw) => parseInteger(raw, 'a whole number'),
  port(raw) {
    const parsed = parseInteger(raw, 'a port from 0 to 65535');
    if ('value' in parsed && ((parsed.value as number) < 0 || (parsed.value as number) > 65_535)) {
      return { expected: 'a port from 0 to 65535' };
    }
    return parsed;
  },
  bytes: (raw) => parseUnit(raw, parseBytes, 'a size such as 512M or 1G'),
  duration: (raw) => parseUnit(raw, parseDuration, 'a duration such as 30s or 5m'),
  list(raw) {
    const parts = Array.isArray(raw) ? raw : typeof raw === 'string' ? raw.split(',') : undefined;
    if (parts === undefined || parts.some((part) => typeof part !== 'string')) {
      return { expected: 'a list separated by commas' };
    }
    return { value: Object.freeze(parts.map((part: string) => part.trim()).filter((part) => part !== '')) };
  },
};

function parseText(raw: unknown): Parsed {
  return typeof raw === 'string' && raw !== '' ? { value: raw } : { expected: 'a text' };
}

function parseInteger(raw: unknown, expected: string): Parsed {
  const value = typeof raw === 'string' && /^-?\d+$/.test(raw.trim()) ? Number(raw) : raw;
  return typeof value === 'number' && Number.isSafeInteger(value) ? { value } : { expected };
}

function parseUnit(raw: unknown, parse: (text: string) => number, expected: string): Parsed {
  if (typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0) return { value: raw };
  if (typeof raw !== 'string') return { expected };
  try {
    return { value: parse(raw) };
  } catch {
    return { expected };
  }
}
