import { type Bytes, formatBytes, KiB, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { RedisServer } from '../facts/redis-servers.ts';
import { lookAtRedis, needsRedis, redisFigure, setRedis } from '../look-at-redis.ts';
import type { Patient } from '../patient.ts';

/** Below it the ratio is that of the program itself. */
const LEAST_BYTES: Bytes = 50 * MiB;
const MOST_RATIO = 1.5;
/** Less than all of it is resident: the rest is swapped, unless it was never touched. */
const LEAST_RATIO = 1;

const FRAGMENTED: Text = {
  en: '{name}: {rss} resident for {used} of data (ratio {ratio})',
  zh: '{name}：数据 {used}，实际占用 {rss}（碎片率 {ratio}）',
};
const SWAPPED: Text = {
  en: '{name}: of {used} of data {rss} are resident, {swapped} are in swap',
  zh: '{name}：数据 {used}，只有 {rss} 在内存里，{swapped} 被换到交换空间',
};

export const redisFragmentation: Check = {
  id: 'E4',
  name: 'redis-fragmentation',
  group: 'redis',
  title: { en: 'Fragmentation of Redis', zh: 'Redis 内存碎片' },
  why: {
    en: 'Above 1.5 half of the memory that it has is of no use; below 1 a part is in swap, and each access to it waits for the disk. With less than 50 MB of data the ratio says nothing.',
    zh: '碎片率超过 1.5，三分之一以上的内存被浪费；低于 1 说明部分数据在交换空间，每次访问都要等磁盘。数据不足 50 MB 时该比值没有意义。',
  },
  explanation: {
    en: 'Removed keys leave holes between those that stay. A restart closes them, and activedefrag closes them while it runs.',
    zh: '删除的键会在内存里留下空洞。重启可以消除，activedefrag 可以在运行中整理。',
  },
  async look(patient) {
    return lookAtRedis(patient, (server) => judge(server, patient));
  },
};

async function judge(server: RedisServer, patient: Patient): Promise<Outcome> {
  const { name } = server;
  const [used, rss] = [redisFigure(server, 'used_memory'), redisFigure(server, 'used_memory_rss')];
  const ratio = redisFigure(server, 'mem_fragmentation_ratio');
  if (used === undefined || rss === undefined || ratio === undefined)
    return needsRedis(server, 'mem_fragmentation_ratio');
  const swapped = await swappedBytes(patient, server.process.pid);
  const evidence = `${name}: used_memory ${formatBytes(used)} used_memory_rss ${formatBytes(rss)} mem_fragmentation_ratio ${ratio}`;
  const data = {
    name,
    used: formatBytes(used),
    rss: formatBytes(rss),
    ratio,
    swapped: formatBytes(swapped ?? 0),
  };
  const finding = { kind: 'finding', data, evidence } as const;
  if (used < LEAST_BYTES) return { kind: 'ok', evidence };
  if (ratio < LEAST_RATIO && swapped !== 0)
    return {
      ...finding,
      severity: 'critical',
      text: SWAPPED,
      fix: [
        {
          where: { en: 'give it less data, or the box more room', zh: '减少数据，或给机器腾出内存' },
          lines: ['redis-cli --bigkeys', 'maque plan'],
        },
      ],
    };
  if (ratio <= MOST_RATIO) return { kind: 'ok', evidence };
  return {
    ...finding,
    severity: 'warning',
    text: FRAGMENTED,
    fix: setRedis(server, { activedefrag: 'yes' }),
  };
}

/** Undefined where it cannot be read. */
async function swappedBytes({ host }: Patient, pid: number): Promise<Bytes | undefined> {
  const status = await host.read(`/proc/${pid}/status`);
  const kb = status.kind === 'value' ? /^VmSwap:\s+(\d+) kB/m.exec(status.value)?.[1] : undefined;
  return kb === undefined ? undefined : Number(kb) * KiB;
}
