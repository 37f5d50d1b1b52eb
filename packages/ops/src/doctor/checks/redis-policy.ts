import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { redisRoleOf } from '../facts/redis-role.ts';
import type { RedisServer } from '../facts/redis-servers.ts';
import { redisBytes } from '../facts/redis-settings.ts';
import { lookAtRedis, needsRedis, redisAnswer, setRedis } from '../look-at-redis.ts';

const LOSES_JOBS: Text = {
  en: '{name}: {policy} with {what} in it: at the limit they vanish without a word',
  zh: '{name}：策略为 {policy}，而里面存有{what}：到达上限时会被悄悄删除',
};
const REFUSES: Text = {
  en: '{name}: noeviction with a cache in it: at the limit every write fails',
  zh: '{name}：用作缓存却是 noeviction：到达上限时所有写入都会失败',
};
const JOBS: Text = { en: 'jobs of a queue', zh: '队列任务' };
const SESSIONS: Text = { en: 'sessions', zh: '登录会话' };

export const redisPolicy: Check = {
  id: 'E2',
  name: 'redis-policy',
  group: 'redis',
  title: { en: 'What Redis removes at its limit', zh: 'Redis 到上限时的淘汰策略' },
  why: {
    en: 'A cache is to lose its oldest keys (allkeys-lru); a queue or sessions must lose none (noeviction, as BullMQ demands): with the wrong one jobs vanish, or every write fails.',
    zh: '缓存应淘汰最久未用的键（allkeys-lru）；队列和会话一个都不能丢（noeviction，BullMQ 也这样要求）：设反了，要么任务消失，要么写入全部失败。',
  },
  explanation: {
    en: 'maxmemory-policy says what happens when maxmemory is reached. Data of both kinds belong in two Redis servers, for the policy counts for all of a server; a second one costs 7 MiB.',
    zh: 'maxmemory-policy 决定到达 maxmemory 后怎么办。它对整个实例生效，所以两类数据应放在两个 Redis 实例里；多一个实例只要 7 MiB。',
  },
  async look(patient) {
    return lookAtRedis(patient, judge);
  },
};

function judge(server: RedisServer): Outcome {
  const { name } = server;
  const [policy, limit] = [server.setting('maxmemory-policy'), server.setting('maxmemory')];
  if (policy === undefined || limit === undefined) return needsRedis(server, 'maxmemory-policy');
  const answer = redisAnswer(server);
  const evidence = `${name}: maxmemory-policy ${policy.value} (${policy.from})`;
  const evictsAll = policy.value.startsWith('allkeys-');
  // Nothing is refused or removed before there is a limit; the check of that comes first.
  const neverFull = policy.value === 'noeviction' && redisBytes(limit.value) === 0;
  if (neverFull) return { kind: 'ok', evidence: `${evidence}, no maxmemory` };
  if (answer === undefined) return needsRedis(server, 'what its data are');
  const role = redisRoleOf(answer);
  if (evictsAll && (role.hasQueue || role.hasSessions))
    return {
      kind: 'finding',
      severity: 'critical',
      text: LOSES_JOBS,
      data: { name, policy: policy.value, what: role.hasQueue ? JOBS : SESSIONS },
      evidence,
      fix: setRedis(server, { 'maxmemory-policy': 'noeviction' }),
    };
  if (policy.value === 'noeviction' && role.isCache)
    return {
      kind: 'finding',
      severity: 'warning',
      text: REFUSES,
      data: { name },
      evidence: `${evidence}; nearly all keys expire`,
      fix: setRedis(server, { 'maxmemory-policy': 'allkeys-lru' }),
    };
  return { kind: 'ok', evidence };
}
