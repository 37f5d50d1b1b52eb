import { type Bytes, type Language, MiB } from '@maque/kit';
import type { PlannedRedis } from '../../../plan/box/planned-service.ts';
import { because, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import { redisMeanings as meanings } from './redis-meanings.ts';
import type { RedisPlace } from './redis-place.ts';
import { REDIS_SAYINGS as sayings } from './redis-sayings.ts';

const BACKLOG = 511;
const KEEPALIVE_SECONDS = 300;
const DATABASES = 16;
const LEAST_REWRITE: Bytes = 16 * MiB;
const SLOW_MICROS = 10_000;
const SLOW_KEPT = 128;
const STALL_MS = 100;

/** `redis.conf`, whole. It speaks the words of Redis 6 and 7, and of Valkey. */
export function redisFile(planned: PlannedRedis, place: RedisPlace, language: Language): string {
  const { maxMemoryBytes, policy, maxClients } = planned;
  return writeConfig(
    [
      headOf('redis', language),
      because(sayings.local, 'bind 127.0.0.1', 'protected-mode yes'),
      numbered(meanings.port, '', `port ${place.port}`),
      because(sayings.socket, `unixsocket ${place.socket}`),
      numbered(meanings.unixsocketperm, '', 'unixsocketperm 770'),
      because(sayings.systemd, 'daemonize no', 'supervised auto', 'oom-score-adj no'),
      `dir ${place.dataDir}`,
      `logfile ${place.log}`,
      'loglevel notice',
      numbered(meanings.databases, '', `databases ${DATABASES}`),
      null,
      numbered(meanings.maxmemory, `${maxMemoryBytes / MiB} × 1048576`, `maxmemory ${maxMemoryBytes}`),
      because(policy === 'noeviction' ? sayings.queue : sayings.cache, `maxmemory-policy ${policy}`),
      because(
        sayings.lazy,
        'lazyfree-lazy-eviction yes',
        'lazyfree-lazy-expire yes',
        'lazyfree-lazy-server-del yes',
      ),
      null,
      ...persistence(planned),
      null,
      numbered(meanings.maxclients, '', `maxclients ${maxClients}`),
      numbered(meanings.tcp_backlog, '', `tcp-backlog ${BACKLOG}`),
      numbered(meanings.tcp_keepalive, '', `tcp-keepalive ${KEEPALIVE_SECONDS}`),
      numbered(
        meanings.client_output_buffers,
        '',
        'client-output-buffer-limit normal 16mb 8mb 30',
        'client-output-buffer-limit pubsub 8mb 2mb 60',
      ),
      numbered(meanings.client_query_buffer, '', 'client-query-buffer-limit 16mb', 'proto-max-bulk-len 16mb'),
      null,
      numbered(
        meanings.slow_log,
        '',
        `slowlog-log-slower-than ${SLOW_MICROS}`,
        `slowlog-max-len ${SLOW_KEPT}`,
      ),
      numbered(meanings.latency_monitor, '', `latency-monitor-threshold ${STALL_MS}`),
      because(sayings.noRenames),
    ],
    language,
  );
}

function persistence({ persistent, maxMemoryBytes }: PlannedRedis): readonly ConfigEntry[] {
  if (!persistent) return [because(sayings.notKept, 'save ""', 'appendonly no')];
  const quarter = Math.floor(maxMemoryBytes / 4 / MiB) * MiB;
  return [
    because(sayings.kept, 'save ""', 'appendonly yes', 'appendfsync everysec'),
    'aof-use-rdb-preamble yes',
    numbered(
      meanings.aof_rewrite,
      `${maxMemoryBytes / MiB} MiB ÷ 4, ≥ 16 MiB`,
      'auto-aof-rewrite-percentage 100',
      `auto-aof-rewrite-min-size ${Math.max(LEAST_REWRITE, quarter)}`,
    ),
    because(sayings.wait, 'stop-writes-on-bgsave-error yes'),
  ];
}
