import type { PlannedRedis } from '../../../plan/box/planned-service.ts';

/** Where one of several Redis of a box lies and listens. */
export interface RedisPlace {
  readonly config: string;
  /** Without root: its own folder of sockets and of data. */
  readonly socket: string;
  readonly dataDir: string;
  readonly log: string;
  readonly port: number;
  /** By which distributions know it; the first is the one that is restarted. */
  readonly units: readonly string[];
}

const FIRST_PORT = 6379;

/** The first is the distribution's own; others are instances of its template, which Debian and Ubuntu have. */
export function redisPlace({ request }: PlannedRedis, index: number): RedisPlace {
  if (index === 0) {
    return {
      config: '/etc/redis/redis.conf',
      socket: '/run/redis/redis-server.sock',
      dataDir: '/var/lib/redis',
      log: '/var/log/redis/redis-server.log',
      port: FIRST_PORT,
      units: ['redis-server.service', 'redis.service'],
    };
  }
  const name = request.name.toLowerCase();
  return {
    config: `/etc/redis/redis-${name}.conf`,
    socket: `/run/redis-${name}/redis-server.sock`,
    dataDir: `/var/lib/redis-${name}`,
    log: `/var/log/redis/redis-server-${name}.log`,
    port: FIRST_PORT + index,
    units: [`redis-server@${name}.service`],
  };
}
