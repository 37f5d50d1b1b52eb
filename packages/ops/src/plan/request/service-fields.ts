import { GiB, KiB, MiB } from '@maque/kit';
import type { ServiceKind, ServiceRequest } from '../box/service-request.ts';
import type { RequestField } from './request-field.ts';

/** `server.…` is the server within Maque. */
type Target<Kind extends ServiceKind> =
  | (keyof Extract<ServiceRequest, { kind: Kind }> & string)
  | `server.${string}`;
type ServiceFields = {
  readonly [Kind in ServiceKind]: Readonly<Record<string, RequestField & { readonly to: Target<Kind> }>>;
};

const MOST_WORKERS = 64;
const MOST_CONNECTIONS = 100_000;
/** What settings of the server take: another value would be refused when it starts. */
const SERVER = {
  mostBody: 64 * MiB,
  leastBodyMemory: MiB,
  leastSqliteCache: 64 * KiB,
  mostConcurrent: 10_000,
  mostSockets: 100_000,
} as const;

const workers = {
  to: 'workers',
  type: 'count',
  least: 1,
  most: MOST_WORKERS,
  meaning: { en: 'Worker processes', zh: '工作进程数' },
} as const;
const poolSize = {
  to: 'poolSize',
  type: 'count',
  least: 1,
  most: 1_000,
  meaning: { en: 'Connections of each process to the database', zh: '每个进程的数据库连接数' },
} as const;

const heap = {
  to: 'oldSpaceMb',
  type: 'mebibytes',
  least: 16,
  most: 65_536,
  meaning: { en: '--max-old-space-size of each process', zh: '每个进程的 --max-old-space-size' },
} as const;

const database = {
  pool: {
    to: 'poolBytes',
    type: 'size',
    least: 5 * MiB,
    meaning: { en: 'innodb_buffer_pool_size', zh: 'innodb_buffer_pool_size' },
  },
  connections: {
    to: 'connections',
    type: 'count',
    least: 1,
    most: MOST_CONNECTIONS,
    meaning: { en: 'Connections that may be open', zh: '最大连接数' },
  },
  busy: {
    to: 'busyConnections',
    type: 'count',
    least: 1,
    most: MOST_CONNECTIONS,
    meaning: { en: 'Connections with a query at the same time', zh: '同时执行查询的连接数' },
  },
  data: {
    to: 'dataBytes',
    type: 'size',
    meaning: { en: 'Tables and indexes on the disk', zh: '磁盘上的数据与索引' },
  },
  performanceSchema: {
    to: 'performanceSchema',
    type: 'switch',
    meaning: { en: 'performance_schema is on', zh: '是否开启 performance_schema' },
  },
} as const;

/** What may be told of each kind of service, beside its name. */
export const serviceFields = {
  maque: {
    workers,
    memory: {
      to: 'memoryBytes',
      type: 'size',
      least: 16 * MiB,
      meaning: { en: 'Budget of the keeper and all workers', zh: '守护进程与全部工作进程的预算' },
    },
    heap,
    bodyLimit: {
      to: 'server.bodyLimitBytes',
      type: 'size',
      least: KiB,
      most: SERVER.mostBody,
      meaning: { en: 'Largest body of a request', zh: '请求体上限' },
    },
    bodyMemory: {
      to: 'server.bodyMemoryBytes',
      type: 'size',
      least: SERVER.leastBodyMemory,
      meaning: { en: 'Bodies in flight, per worker', zh: '每个工作进程在途请求体' },
    },
    cache: {
      to: 'server.cacheBytes',
      type: 'size',
      meaning: { en: 'Answer cache, per worker', zh: '每个工作进程的响应缓存' },
    },
    sqliteCache: {
      to: 'server.sqliteCacheBytes',
      type: 'size',
      least: SERVER.leastSqliteCache,
      meaning: { en: 'SQLite page cache, per worker', zh: '每个工作进程的 SQLite 页缓存' },
    },
    concurrent: {
      to: 'server.maxConcurrent',
      type: 'count',
      least: 1,
      most: SERVER.mostConcurrent,
      meaning: { en: 'Requests at once, per worker', zh: '每个工作进程的并发请求数' },
    },
    connections: {
      to: 'server.maxConnections',
      type: 'count',
      least: 1,
      most: SERVER.mostSockets,
      meaning: { en: 'Open sockets, per worker', zh: '每个工作进程的连接数' },
    },
  },
  node: {
    workers,
    heap,
    keptBy: {
      to: 'keptBy',
      type: 'choice',
      choices: ['keeper', 'pm2', 'systemd'],
      meaning: { en: 'Who keeps it alive', zh: '由谁守护' },
    },
    poolSize,
  },
  java: {
    framework: {
      to: 'framework',
      type: 'choice',
      choices: ['spring-boot', 'tomcat', 'plain'],
      isRequired: true,
      meaning: { en: 'What it is built on', zh: '框架' },
    },
    heap: { to: 'heapMb', type: 'mebibytes', least: 16, most: 65_536, meaning: { en: '-Xmx', zh: '-Xmx' } },
    classes: {
      to: 'loadedClasses',
      type: 'count',
      least: 100,
      most: 1_000_000,
      meaning: { en: 'Classes loaded when warm', zh: '预热后加载的类数' },
    },
    threads: {
      to: 'threads',
      type: 'count',
      least: 1,
      most: 10_000,
      meaning: { en: 'Threads', zh: '线程数' },
    },
    poolSize,
  },
  python: {
    server: {
      to: 'server',
      type: 'choice',
      choices: ['gunicorn', 'uvicorn'],
      isRequired: true,
      meaning: { en: 'What serves it', zh: '服务器' },
    },
    workers,
    each: {
      to: 'workerBytes',
      type: 'size',
      least: MiB,
      most: 64 * GiB,
      meaning: { en: 'What one worker holds', zh: '单个工作进程占用' },
    },
    poolSize,
  },
  nginx: {
    connections: {
      to: 'connections',
      type: 'count',
      most: 1_000_000,
      meaning: { en: 'Idle TLS connections at the peak', zh: '峰值空闲 TLS 连接数' },
    },
  },
  mariadb: database,
  mysql: database,
  redis: {
    data: { to: 'dataBytes', type: 'size', meaning: { en: 'What is kept in it', zh: '存放的数据量' } },
    role: {
      to: 'role',
      type: 'choice',
      choices: ['cache', 'queue'],
      meaning: { en: 'A cache may forget, a queue may not', zh: '缓存可淘汰，队列不可' },
    },
    persistent: {
      to: 'persistent',
      type: 'switch',
      meaning: { en: 'It writes snapshots or a log', zh: '是否持久化' },
    },
  },
  agent: {
    memory: {
      to: 'bytes',
      type: 'size',
      isRequired: true,
      meaning: { en: 'What it takes', zh: '占用的内存' },
    },
  },
  watcher: {
    program: {
      to: 'program',
      type: 'choice',
      choices: ['node_exporter', 'alertmanager', 'prometheus', 'earlyoom', 'pm2'],
      isRequired: true,
      meaning: { en: 'Which', zh: '程序' },
    },
  },
} as const satisfies ServiceFields;

/** What one bare word behind the kind stands for: `java:spring-boot`, `agent:80M`. */
export const BARE_WORD: Readonly<Partial<Record<ServiceKind, string>>> = {
  java: 'framework',
  python: 'server',
  agent: 'memory',
  watcher: 'program',
  redis: 'role',
  node: 'keptBy',
};
