import { type Bytes, formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { RedisServer } from '../facts/redis-servers.ts';
import { memoryOf } from '../facts/services.ts';
import { lookAtRedis, needsRedis, redisFigure } from '../look-at-redis.ts';
import { cannotRead } from '../outcomes.ts';

/** Of its own memory; 35 % of the data were copied in one snapshot under heavy writes. */
const NEEDED_SHARE = 0.5;

const TOO_LITTLE: Text = {
  en: '{name} makes snapshots and has {rss}; while it does it may need half as much again, and {available} is available',
  zh: '{name} 开启了快照，自身占 {rss}；做快照时可能还要一半，而可用内存只有 {available}',
};

export const redisForkHeadroom: Check = {
  id: 'E3',
  name: 'redis-fork-headroom',
  group: 'redis',
  title: { en: 'Room for a snapshot of Redis', zh: 'Redis 快照所需内存' },
  why: {
    en: 'For a snapshot Redis forks, and each page that is written meanwhile is there twice: 35 % more of the data set was seen during one snapshot under heavy writes.',
    zh: '做快照时 Redis 会 fork，期间被改写的内存页都会多一份：写入繁忙时，一次快照实测多占数据量的 35%。',
  },
  explanation: {
    en: 'RDB snapshots and the rewriting of the AOF both write all data to the disk by a second process. A cache needs neither: `save ""`. Where data must last, AOF with everysec loses a second at most.',
    zh: 'RDB 快照和 AOF 重写都会用第二个进程把全部数据写盘。缓存两者都不需要：`save ""`。数据要保留时，用 AOF everysec，最多丢一秒。',
  },
  async look(patient) {
    const room = await patient.memoryRoom();
    return lookAtRedis(patient, (server) =>
      room.kind === 'value' ? judge(server, room.value.availableBytes) : cannotRead('/proc/meminfo', room),
    );
  },
};

function judge(server: RedisServer, availableBytes: Bytes): Outcome {
  const { name } = server;
  const [save, append] = [server.setting('save'), server.setting('appendonly')];
  if (save === undefined || append === undefined) return needsRedis(server, 'save, appendonly');
  const rss = redisFigure(server, 'used_memory_rss') ?? memoryOf(server.process);
  const evidence = `${name}: save "${save.value}" appendonly ${append.value}, ${formatBytes(rss)} resident, ${formatBytes(availableBytes)} available`;
  const forks = save.value !== '' || append.value === 'yes';
  if (!forks || availableBytes >= NEEDED_SHARE * rss) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'warning',
    text: TOO_LITTLE,
    data: { name, rss: formatBytes(rss), available: formatBytes(availableBytes) },
    evidence,
    fix: [
      {
        where: {
          en: `${server.path ?? 'redis.conf'}, for a cache: it needs no snapshots`,
          zh: `${server.path ?? 'redis.conf'}：仅作缓存时，不需要快照`,
        },
        lines: ['save ""', 'appendonly no'],
      },
      {
        where: {
          en: 'for data that must last: a log instead of snapshots, and fewer data',
          zh: '数据需要保留时：用 AOF 代替快照，并减少数据量',
        },
        lines: [
          'save ""',
          'appendonly yes',
          'appendfsync everysec',
          `maxmemory ${Math.floor(availableBytes / MiB)}mb`,
        ],
      },
    ],
  };
}
