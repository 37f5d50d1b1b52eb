import type { Host, Reading } from '../host/host.ts';
import { publishedPorts } from './open-ports.ts';
import { pathsLike } from './paths-like.ts';
import type { ProcessFacts } from './processes.ts';
import { programOf } from './program.ts';
import { pathSeenBy } from './program-version.ts';
import { askRedis, type RedisAnswer } from './redis-answer.ts';
import { parseRedisFile, REDIS_DEFAULTS, type RedisFile, type RedisSetting } from './redis-settings.ts';
import type { ServiceFacts } from './services.ts';

/** A Redis, Valkey or KeyDB that runs here. */
export interface RedisServer {
  readonly name: string;
  readonly process: ProcessFacts;
  readonly service: ServiceFacts;
  /** 0 where it listens on a socket file only. */
  readonly port: number;
  /** How to call it: `redis-cli -p 6379`. */
  readonly client: string;
  /** What it said without a password. */
  readonly answer: Reading<RedisAnswer>;
  /** Its file; null where none was found, or it may not be read. */
  readonly path: string | null;
  /** Undefined where nothing tells. */
  readonly hasPassword: boolean | undefined;
  /** Undefined where neither it nor its file tells. */
  setting(name: RedisSetting): { readonly value: string; readonly from: string } | undefined;
}

/** Debian and Ubuntu; CentOS; BT panel; built by hand; images; Valkey. */
const FILES = [
  ...['/etc/redis/redis.conf', '/etc/redis.conf', '/etc/redis/*.conf', '/www/server/redis/redis.conf'],
  ...['/usr/local/redis/redis.conf', '/usr/local/redis/etc/redis.conf', '/usr/local/redis/conf/redis.conf'],
  ...['/usr/local/etc/redis/redis.conf', '/usr/local/etc/redis.conf', '/etc/valkey/valkey.conf'],
];
/** What 1Panel mounts into its containers. */
const PANEL_FILES = ['/opt/1panel/apps/redis/*/conf/redis.conf'];
const DEFAULT_PORT = 6379;
/** What it says to strangers while it has no password. */
export const PROTECTED = 'DENIED';

/** Absent where none runs. */
export async function readRedisServers(
  host: Host,
  services: readonly ServiceFacts[],
): Promise<Reading<readonly RedisServer[]>> {
  const processes = services.flatMap((service) => service.processes);
  const found = services.flatMap((service) =>
    service.processes.filter(isServer).map((process) => ({ process, service })),
  );
  if (found.length === 0) return { kind: 'absent' };
  const value = await Promise.all(
    found.map(({ process, service }) => readServer(host, process, service, processes)),
  );
  return { kind: 'value', value };
}

/** Sentinels hold no data, and children that write a snapshot are not servers: `redis-rdb-bgsave 127.0.0.1:6379`. */
function isServer(process: ProcessFacts): boolean {
  const title = process.commandLine.join(' ');
  return programOf(process) === 'redis' && !/\[sentinel\]|--sentinel|redis-(rdb|aof)-/.test(title);
}

/** The title that it gives itself, `redis-server 127.0.0.1:6379`, takes the place of its words. */
const TITLE = /(?:^|\s)(?:unixsocket:(\S+)|(\S*):(\d+))(?:\s|$)/;

async function readServer(
  host: Host,
  process: ProcessFacts,
  service: ServiceFacts,
  processes: readonly ProcessFacts[],
): Promise<RedisServer> {
  const [, socket, address = '', titlePort] = TITLE.exec(process.commandLine.join(' ').trim()) ?? [];
  const words = process.commandLine;
  const told = titlePort ?? (words.includes('--port') ? words[words.indexOf('--port') + 1] : undefined);
  const port = socket === undefined ? Number(told ?? DEFAULT_PORT) : 0;
  const door = doorOf(process, service, processes, { socket, address, port });
  const [answer, found] = await Promise.all([
    door === undefined ? ({ kind: 'absent' } as const) : askRedis(host, door),
    findFile(host, process, service, socket === undefined ? port : undefined),
  ]);
  const asked = answer.kind === 'value' ? answer.value.settings : undefined;
  // Who is let in without a password needs none.
  const refusal = answer.kind === 'unreadable' ? answer.reason : undefined;
  const isBare = answer.kind === 'value' || refusal === PROTECTED;
  const hasPassword = isBare ? false : refusal === 'NOAUTH' ? true : found?.file.hasPassword;
  return {
    name: service.name,
    process,
    service,
    port,
    client: socket === undefined ? `redis-cli -p ${port}` : `redis-cli -s ${socket}`,
    answer,
    path: found?.path ?? null,
    hasPassword,
    setting(name) {
      const value = asked?.get(name);
      if (value !== undefined) return { value, from: 'the server' };
      if (found === undefined) return undefined;
      const written = found.file.settings.get(name);
      return written === undefined
        ? { value: REDIS_DEFAULTS[name], from: 'default' }
        : { value: written, from: found.path };
    },
  };
}

interface Place {
  readonly socket: string | undefined;
  readonly address: string;
  readonly port: number;
}

/** How the client gets in; undefined into a container that publishes no port. */
function doorOf(
  process: ProcessFacts,
  { container }: ServiceFacts,
  processes: readonly ProcessFacts[],
  { socket, address, port }: Place,
): readonly string[] | undefined {
  if (socket !== undefined) return ['-s', pathSeenBy(process, socket)];
  const isAny = /^(|\*|0\.0\.0\.0|::|\[::\]|-::\*)$/.test(address);
  if (container === null) return ['-h', isAny ? '127.0.0.1' : address, '-p', String(port)];
  const published = publishedPorts(processes).find(({ containerPort }) => containerPort === port);
  if (published === undefined) return undefined;
  const host = /^(0\.0\.0\.0|::)$/.test(published.address) ? '127.0.0.1' : published.address;
  return ['-h', host, '-p', String(published.port)];
}

/** The first file that is for this port, with what it includes. */
async function findFile(
  host: Host,
  process: ProcessFacts,
  service: ServiceFacts,
  port: number | undefined,
): Promise<{ readonly path: string; readonly file: RedisFile } | undefined> {
  const told = process.commandLine.slice(1).filter((word) => word.startsWith('/') && word.endsWith('.conf'));
  const patterns = [...told, ...FILES].map((path) => pathSeenBy(process, path));
  const all = service.container === null ? patterns : [...patterns, ...PANEL_FILES];
  const paths = (await Promise.all(all.map((pattern) => pathsLike(host, pattern)))).flat();
  for (const path of new Set(paths)) {
    const file = await readFile(host, path);
    if (file === undefined) continue;
    const written = Number(file.settings.get('port') ?? DEFAULT_PORT);
    if (port === undefined || written === port) return { path, file };
  }
  return undefined;
}

async function readFile(host: Host, path: string): Promise<RedisFile | undefined> {
  const text = await host.read(path);
  if (text.kind !== 'value') return undefined;
  const included = await Promise.all(
    parseRedisFile(text.value)
      .includes.slice(0, 8)
      .map((one) => host.read(one)),
  );
  const more = included.map((one) => (one.kind === 'value' ? one.value : ''));
  return parseRedisFile([text.value, ...more].join('\n'));
}
