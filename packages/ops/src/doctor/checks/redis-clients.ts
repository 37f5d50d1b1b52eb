import { type Bytes, formatBytes, KiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { RedisServer } from '../facts/redis-servers.ts';
import { lookAtRedis, needsRedis, redisFigure } from '../look-at-redis.ts';

const MANY = 500;
/** What each counts in used_memory, though only 9 KiB of it are resident (500 idle ones, measured). */
const EACH_BYTES: Bytes = 37 * KiB;

const TOO_MANY: Text = {
  en: '{name}: {count} clients, which count {bytes} of maxmemory',
  zh: '{name}：{count} 个客户端连接，占 maxmemory 约 {bytes}',
};

export const redisClients: Check = {
  id: 'E5',
  name: 'redis-clients',
  group: 'redis',
  title: { en: 'Clients of Redis', zh: 'Redis 客户端连接数' },
  why: {
    en: 'Each client counts 37 KiB in used_memory, 9 of them resident (measured): 1000 of them leave 36 MiB less for data under the same maxmemory.',
    zh: '每个客户端在 used_memory 里算 37 KiB，其中常驻 9 KiB（实测）：1000 个连接就让数据少了 36 MiB。',
  },
  explanation: {
    en: 'Redis works on one command at a time, so that one connection for a process is enough, and one more for subscriptions and for each queue that waits.',
    zh: 'Redis 一次只处理一条命令，每个进程一个连接就够，订阅和阻塞队列各再加一个。',
  },
  async look(patient) {
    return lookAtRedis(patient, judge);
  },
};

function judge(server: RedisServer): Outcome {
  const { name } = server;
  const count = redisFigure(server, 'connected_clients');
  if (count === undefined) return needsRedis(server, 'connected_clients');
  const evidence = `${name}: connected_clients ${count}`;
  if (count <= MANY) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'info',
    text: TOO_MANY,
    data: { name, count, bytes: formatBytes(count * EACH_BYTES) },
    evidence,
    fix: [
      {
        where: {
          en: 'who they are; then one client for a process',
          zh: '看是谁连的；然后每个进程只用一个连接',
        },
        lines: [`${server.client} CLIENT LIST | grep -o 'addr=[0-9.]*' | sort | uniq -c | sort -nr`],
      },
    ],
  };
}
