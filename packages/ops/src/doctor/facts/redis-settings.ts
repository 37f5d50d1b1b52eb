import { type Bytes, GiB, KiB, MiB } from '@maque/kit';

/** What is asked for: nothing that holds a secret. */
export const REDIS_SETTINGS = [
  ...[
    'maxmemory',
    'maxmemory-policy',
    'save',
    'appendonly',
    'bind',
    'protected-mode',
    'activedefrag',
    'port',
  ],
] as const;
export type RedisSetting = (typeof REDIS_SETTINGS)[number];

/** Compiled in; `save` is that of Redis 7 and of those before it alike: there are snapshots. */
export const REDIS_DEFAULTS: Readonly<Record<RedisSetting, string>> = {
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  save: '3600 1 300 100 60 10000',
  appendonly: 'no',
  bind: '* -::*',
  'protected-mode': 'yes',
  activedefrag: 'no',
  port: '6379',
};

export interface RedisFile {
  readonly settings: ReadonlyMap<string, string>;
  /** Whether a password stands there; which is never kept. */
  readonly hasPassword: boolean;
  readonly includes: readonly string[];
}

/** `redis.conf`: a name, and words behind it. Several lines of `save` count together; an empty one takes all away. */
export function parseRedisFile(text: string): RedisFile {
  const settings = new Map<string, string>();
  const includes: string[] = [];
  let hasPassword = false;
  const known = new Set<string>(REDIS_SETTINGS);
  for (const line of text.split('\n')) {
    const [, name = '', rest = ''] = /^\s*([a-z][\w-]*)\s+(.*?)\s*$/i.exec(line) ?? [];
    const key = name.toLowerCase();
    const value = rest.replace(/^(['"])(.*)\1$/, '$2');
    if (key === 'include') includes.push(value);
    // Users of an ACL have passwords of their own; `nopass` is for those who have none.
    if ((key === 'requirepass' && value !== '') || key === 'aclfile') hasPassword = true;
    if (!known.has(key)) continue;
    const before = settings.get(key);
    const isMore = key === 'save' && value !== '' && before !== undefined && before !== '';
    settings.set(key, isMore ? `${before} ${value}` : value);
  }
  return { settings, hasPassword, includes };
}

const UNITS: Readonly<Record<string, Bytes>> = {
  '': 1,
  b: 1,
  k: 1_000,
  kb: KiB,
  m: 1_000_000,
  mb: MiB,
  g: 1_000_000_000,
  gb: GiB,
};

/** `256mb`, `1g`, `268435456`. */
export function redisBytes(value: string): Bytes {
  const match = /^(\d+)([a-z]*)$/i.exec(value.trim());
  return Number(match?.[1]) * (UNITS[match?.[2]?.toLowerCase() ?? ''] ?? Number.NaN);
}
