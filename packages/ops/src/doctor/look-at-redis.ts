import type { Text } from '@maque/kit';
import type { FixLine } from '../findings/finding.ts';
import type { Outcome } from './check.ts';
import type { RedisAnswer } from './facts/redis-answer.ts';
import type { RedisServer } from './facts/redis-servers.ts';
import { cannotRead, NOT_APPLICABLE } from './outcomes.ts';
import type { Patient } from './patient.ts';

const NEEDS_LOGIN: Text = {
  en: '{name}: only Redis itself, or its file, tells {what}: it said nothing without a password ({reason}); run the doctor as root, or look with redis-cli',
  zh: '{name}：{what} 只有 Redis 自己或其配置文件知道：未登录时它不回答（{reason}）；请以 root 运行，或用 redis-cli 查看',
};

/** Asks the same of every Redis here. */
export async function lookAtRedis(
  patient: Patient,
  judge: (server: RedisServer) => Outcome | undefined | Promise<Outcome | undefined>,
): Promise<readonly Outcome[]> {
  const servers = await patient.redisServers();
  if (servers.kind === 'absent') return NOT_APPLICABLE;
  if (servers.kind !== 'value') return [cannotRead('/proc', servers)];
  const outcomes = (await Promise.all(servers.value.map(judge))).filter((outcome) => outcome !== undefined);
  return outcomes.length === 0 ? NOT_APPLICABLE : outcomes;
}

/** What a check says when only a login would tell. */
export function needsRedis({ name, answer }: RedisServer, what: string): Outcome {
  const reason = answer.kind === 'unreadable' ? answer.reason : 'no way in';
  return { kind: 'unknown', reason: NEEDS_LOGIN, data: { name, what, reason } };
}

export function redisAnswer({ answer }: RedisServer): RedisAnswer | undefined {
  return answer.kind === 'value' ? answer.value : undefined;
}

/** A figure of `INFO`. */
export function redisFigure(server: RedisServer, name: string): number | undefined {
  const value = redisAnswer(server)?.info.get(name);
  return value === undefined || value === '' ? undefined : Number(value);
}

/** Lines for its file, and what does the same at once. */
export function setRedis(
  server: RedisServer,
  settings: Readonly<Record<string, string>>,
): readonly FixLine[] {
  const pairs = Object.entries(settings);
  const path = server.path ?? 'redis.conf';
  return [
    {
      where: { en: `${path}; it counts after the next start`, zh: `写入 ${path}，下次启动后生效` },
      lines: pairs.map(([name, value]) => `${name} ${value}`),
    },
    {
      where: { en: 'at once, without a restart', zh: '立即生效，无需重启' },
      lines: pairs.map(([name, value]) => `${server.client} CONFIG SET ${name} ${value}`),
    },
  ];
}
