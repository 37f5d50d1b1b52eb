import { formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { RedisServer } from '../facts/redis-servers.ts';
import { redisBytes } from '../facts/redis-settings.ts';
import { lookAtRedis, needsRedis, redisFigure, setRedis } from '../look-at-redis.ts';
import type { Patient } from '../patient.ts';

/** Room for a third more than the data ever were. */
const HEADROOM = 1.3;
const LEAST_ADVISED_MB = 64;

const NONE: Text = {
  en: '{name} has no maxmemory ({used} in use)',
  zh: '{name} 未设置 maxmemory（已用 {used}）',
};
const NONE_SHARED: Text = {
  en: '{name} has no maxmemory ({used} in use), and apps share the box',
  zh: '{name} 未设置 maxmemory（已用 {used}），而应用也在同一台机器',
};
const NOT_KNOWN: Text = { en: 'how much is not known', zh: '用量未知' };

export const redisMaxmemory: Check = {
  id: 'E1',
  name: 'redis-maxmemory',
  group: 'redis',
  title: { en: 'Redis without a memory limit', zh: 'Redis 未设内存上限' },
  why: {
    en: 'Without maxmemory Redis grows until the kernel kills something, and on a shared box that is seldom Redis. 100,000 sessions of 500 bytes take 60 MiB (measured).',
    zh: '没有 maxmemory，Redis 会一直涨到内核杀进程，而共用机器上被杀的往往不是 Redis。10 万个 500 字节的会话占 60 MiB（实测）。',
  },
  explanation: {
    en: 'Redis keeps all data in memory. maxmemory is where it stops: then it removes old keys or refuses to write, as maxmemory-policy says.',
    zh: 'Redis 的数据都在内存里。maxmemory 是它的上限：到了上限，按 maxmemory-policy 淘汰旧键或拒绝写入。',
  },
  async look(patient) {
    const shared = await hasApps(patient);
    return lookAtRedis(patient, (server) => judge(server, shared));
  },
};

function judge(server: RedisServer, shared: boolean): Outcome {
  const { name } = server;
  const setting = server.setting('maxmemory');
  if (setting === undefined) return needsRedis(server, 'maxmemory');
  const used = redisFigure(server, 'used_memory');
  const evidence = `${name}: maxmemory ${setting.value} (${setting.from})${used === undefined ? '' : `, used_memory ${formatBytes(used)}`}`;
  if (redisBytes(setting.value) > 0) return { kind: 'ok', evidence };
  const peak = redisFigure(server, 'used_memory_peak') ?? 0;
  const advised = Math.max(LEAST_ADVISED_MB, Math.ceil((peak * HEADROOM) / MiB / 32) * 32);
  return {
    kind: 'finding',
    severity: shared ? 'critical' : 'warning',
    text: shared ? NONE_SHARED : NONE,
    data: { name, used: used === undefined ? NOT_KNOWN : formatBytes(used) },
    evidence,
    fix: setRedis(server, { maxmemory: `${advised}mb` }),
  };
}

async function hasApps(patient: Patient): Promise<boolean> {
  const services = await patient.services();
  if (services.kind !== 'value') return true;
  const others = ['node', 'java', 'python', 'php', 'database', 'web-server'] as const;
  return services.value.some(({ programs }) => others.some((program) => programs.has(program)));
}
