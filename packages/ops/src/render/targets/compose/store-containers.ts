import { type Language, say, type Text } from '@maque/kit';
import type { PlannedDatabase, PlannedRedis } from '../../../plan/box/planned-service.ts';
import { remarkOn } from '../../comment-numbers.ts';
import type { RenderOptions } from '../../target.ts';
import { remarked, type YamlMap } from '../../yaml/index.ts';
import { ARENAS } from '../database/database-unit.ts';
import {
  type ContainerNeeds,
  hardeningKeys,
  healthKeys,
  keepingKeys,
  limitKeys,
  tmpfsKeys,
} from './common-keys.ts';
import { composeMeanings as meanings } from './compose-meanings.ts';
import type { Named } from './container-places.ts';

type Plan = ContainerNeeds['plan'];

/** Long-term versions; the numbers of the plan were measured on MariaDB 10.11 and Redis 7.0. */
const IMAGES = { mariadb: 'mariadb:10.11', mysql: 'mysql:8.4', redis: 'redis:7.2' } as const;
/** The user `mysql` in both images of databases. */
const MYSQL_UID = 999;
const PORT = 3306;
/** A buffer pool of some hundred MiB onto a slow disk. */
const DATABASE_GRACE_SECONDS = 120;

/** Where the settings lie beside the compose file. */
export function configPath(name: string, kind: 'mariadb' | 'mysql' | 'redis'): string {
  return `docker/${name}.${kind === 'redis' ? 'conf' : 'cnf'}`;
}

export function secretNames(name: string): readonly [root: string, user: string] {
  return [`${name}-root-password`, `${name}-password`];
}

export function databaseContainer(
  { name, service }: Named<PlannedDatabase>,
  plan: Plan,
  options: RenderOptions,
): YamlMap {
  const { language, database, user } = options;
  const prefix = service.kind === 'mariadb' ? 'MARIADB' : 'MYSQL';
  const [rootSecret, userSecret] = secretNames(name);
  return {
    image: IMAGES[service.kind],
    user: 'mysql',
    command: remarked(sayAll(OVERRIDES, language), DATABASE_OVERRIDE_FLAGS),
    environment: {
      [`${prefix}_ROOT_PASSWORD_FILE`]: `/run/secrets/${rootSecret}`,
      [`${prefix}_DATABASE`]: database,
      [`${prefix}_USER`]: user,
      [`${prefix}_PASSWORD_FILE`]: `/run/secrets/${userSecret}`,
      MALLOC_ARENA_MAX: remarked(remarkOn({ meaning: meanings.malloc_arenas }, language), String(ARENAS)),
    },
    secrets: [rootSecret, userSecret],
    networks: ['data'],
    volumes: [
      `${name}-data:/var/lib/mysql`,
      remarked(say(SORTING, language), `${name}-tmp:/tmp`),
      `./${configPath(name, service.kind)}:/etc/mysql/conf.d/zz-maque.cnf:ro`,
    ],
    ...limitKeys({ planned: service, plan, language }),
    ...hardeningKeys(),
    ...tmpfsKeys(language, [{ path: '/run/mysqld', mb: 1, uid: MYSQL_UID }]),
    ...healthKeys(healthOf(service.kind), language),
    ...keepingKeys(language, DATABASE_GRACE_SECONDS),
  };
}

/** Over the network: while it is set up for the first time it listens on a socket only. */
function healthOf(kind: PlannedDatabase['kind']): readonly string[] {
  if (kind === 'mariadb') return ['CMD', 'healthcheck.sh', '--connect', '--innodb_initialized'];
  return ['CMD', 'mysqladmin', 'ping', '-h', '127.0.0.1', '-P', String(PORT), '--silent'];
}

export function redisContainer(
  { name, service }: Named<PlannedRedis>,
  plan: Plan,
  { language }: RenderOptions,
): YamlMap {
  return {
    image: IMAGES.redis,
    user: 'redis',
    command: remarked(sayAll(REDIS_OVERRIDES, language), REDIS_COMMAND),
    networks: ['data'],
    volumes: [`${name}-data:/data`, `./${configPath(name, 'redis')}:${REDIS_CONFIG}:ro`],
    ...limitKeys({ planned: service, plan, language }),
    ...hardeningKeys(),
    ...tmpfsKeys(language, [{ path: '/tmp', mb: 1 }]),
    ...healthKeys(['CMD-SHELL', 'redis-cli ping | grep -q PONG'], language),
    ...keepingKeys(language),
  };
}

/** What was said here wins over the file. */
export const DATABASE_OVERRIDE_FLAGS = [
  '--bind-address=0.0.0.0',
  '--slow-query-log=OFF',
  '--slow-query-log-file=/var/lib/mysql/slow.log',
] as const;
const REDIS_CONFIG = '/usr/local/etc/redis/redis.conf';
/** Each pair after the file wins over the line in it. */
export const REDIS_OVERRIDE_FLAGS = [
  ['--bind', '0.0.0.0'],
  ['--protected-mode', 'no'],
  ['--unixsocket', ''],
  ['--supervised', 'no'],
  ['--logfile', ''],
  ['--dir', '/data'],
] as const;
const REDIS_COMMAND = ['redis-server', REDIS_CONFIG, ...REDIS_OVERRIDE_FLAGS.flat()];

function sayAll(text: Text, language: Language): readonly string[] {
  return say(text, language).split('\n');
}

const OVERRIDES: Text = {
  en: 'Other than on a server: only containers of the network data reach it, and nobody rotates a log of slow queries.\nWhile you look for some: SET GLOBAL slow_query_log = ON, and off again',
  zh: '与直接装在服务器上的不同：只有 data 网络内的容器能访问；慢查询日志没有人轮转，故关闭。\n排查时可执行：SET GLOBAL slow_query_log = ON（查完记得关）',
};
const REDIS_OVERRIDES: Text = {
  en: 'Other than on a server: only containers of the network data reach it, and Docker keeps its log.',
  zh: '与直接装在服务器上的不同：只有 data 网络内的容器能访问，日志交给 Docker。',
};
const SORTING: Text = {
  en: 'On the disk: large sorts must not count as memory',
  zh: '放在磁盘上：大的排序不应计入内存',
};
