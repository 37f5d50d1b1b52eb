import { type Bytes, GiB, KiB, MiB } from '@maque/kit';
import { type OptionFiles, optionOf } from './option-files.ts';

export type DatabaseFlavor = 'mariadb' | 'mysql';

export interface DatabaseSetting {
  readonly value: string;
  /** `the server`, `its command line`, a path, or `default`. */
  readonly from: string;
}

/** What is asked for: nothing that holds a secret. */
export const SETTING_NAMES = [
  ...['version', 'port', 'socket', 'datadir', 'skip_networking', 'max_connections'],
  ...['tmp_table_size', 'max_heap_table_size', 'key_buffer_size'],
  ...['aria_pagecache_buffer_size', 'innodb_buffer_pool_size', 'performance_schema', 'log_bin'],
  ...['binlog_expire_logs_seconds', 'expire_logs_days', 'max_binlog_total_size', 'slow_query_log'],
  'long_query_time',
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

// Compiled in; distributions change some of them in the files that they bring.
const DEFAULTS: Readonly<Partial<Record<SettingName, string>>> = {
  port: '3306',
  skip_networking: 'OFF',
  max_connections: '151',
  tmp_table_size: '16M',
  max_heap_table_size: '16M',
  key_buffer_size: '128M',
  aria_pagecache_buffer_size: '128M',
  innodb_buffer_pool_size: '128M',
  performance_schema: 'OFF',
  log_bin: 'OFF',
  binlog_expire_logs_seconds: '0',
  expire_logs_days: '0',
  max_binlog_total_size: '0',
  slow_query_log: 'OFF',
  long_query_time: '10',
};
const OF_MYSQL: typeof DEFAULTS = {
  key_buffer_size: '8M',
  performance_schema: 'ON',
};
const OF_MYSQL_8: typeof DEFAULTS = { ...OF_MYSQL, log_bin: 'ON', binlog_expire_logs_seconds: '2592000' };

/** What it was built with. */
export function defaultSetting(flavor: DatabaseFlavor, version: string | undefined, name: SettingName) {
  if (flavor === 'mariadb') return DEFAULTS[name];
  return (version?.startsWith('5.') === true ? OF_MYSQL : OF_MYSQL_8)[name] ?? DEFAULTS[name];
}

/** What the words of the command line and the groups of the server say; the command line counts more. */
export function configuredSettings(
  words: readonly string[],
  files: OptionFiles,
  flavor: DatabaseFlavor,
  version: string | undefined,
): ReadonlyMap<string, DatabaseSetting> {
  const names =
    flavor === 'mariadb'
      ? /^(?:server|(?:mysqld|mariadb|mariadbd)(?:-([\d.]+))?)$/
      : /^(?:server|mysqld(?:-([\d.]+))?)$/;
  // `[mysqld-5.7]` is for that version alone.
  const isRead = (group: string) => {
    const match = names.exec(group);
    return match !== null && (version === undefined || version.startsWith(match[1] ?? ''));
  };
  const fromFiles = files.lines
    .filter(({ group }) => isRead(group))
    .map(({ name, value, path }) => ({ name, value, from: path }));
  const fromWords = words.flatMap((word) => {
    const option = word.startsWith('--') ? optionOf(word) : undefined;
    return option === undefined ? [] : { ...option, from: 'its command line' };
  });
  const known = new Set<string>(SETTING_NAMES);
  const found = new Map<string, DatabaseSetting>();
  for (const { name: written, value: text, from } of [...fromFiles, ...fromWords]) {
    const name = written.replace(/^loose_/, '');
    if (known.has(name)) found.set(name, { value: text === '' ? 'ON' : text, from });
    const turnedOff = /^(?:skip|disable)_(.+)$/.exec(name)?.[1];
    if (turnedOff !== undefined && known.has(turnedOff)) found.set(turnedOff, { value: 'OFF', from });
  }
  return found;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: KiB, M: MiB, G: GiB };

/** `16M`, `134217728`, `10.000000`. */
export function amountOf(value: string): Bytes {
  const match = /^(\d+(?:\.\d+)?)\s*([KMG]?)B?$/i.exec(value.trim());
  return match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2]?.toUpperCase() ?? ''] ?? 1);
}

/** `ON`, `1`, and the name of a file, as of `log_bin`. */
export function isOn(value: string): boolean {
  return !/^(off|0|no|false)$/i.test(value.trim());
}
