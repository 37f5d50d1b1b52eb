import { type Bytes, formatBytes, type Text } from '@maque/kit';
import { redisRoleOf } from '../../../doctor/facts/redis-role.ts';
import type { RedisServer } from '../../../doctor/facts/redis-servers.ts';
import { redisBytes } from '../../../doctor/facts/redis-settings.ts';
import type { RedisRequest } from '../../box/service-request.ts';
import type { DetectedService } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

const NO_LIMIT: Text = {
  en: '{name} has no maxmemory and holds {used} now; planned for half more',
  zh: '{name} 未设 maxmemory，当前存放 {used}，按多一半规划',
};
const SILENT: Text = {
  en: '{name} does not tell how much it may hold, nor how much it holds; the plan chooses',
  zh: '{name} 未透露内存上限与当前用量，由规划决定',
};
/** A planned maxmemory is so much above the data. */
const ROOM_ABOVE_DATA = 1.1;
/** What has no bound grows: what it holds now is the least that it will. */
const GROWTH = 1.5;

export function detectRedis({ redises }: HostFacts): readonly DetectedService[] {
  return redises.map((server) => {
    const { dataBytes, notes } = dataOf(server);
    const service: RedisRequest = {
      kind: 'redis',
      name: 'redis',
      ...(dataBytes === undefined ? {} : { dataBytes }),
      ...roleOf(server),
      ...persistenceOf(server),
    };
    return { service, pids: [server.process.pid], notes };
  });
}

function dataOf(server: RedisServer): {
  readonly dataBytes: Bytes | undefined;
  readonly notes: DetectedService['notes'];
} {
  const { name, answer } = server;
  const told = server.setting('maxmemory')?.value;
  const bound = told === undefined ? undefined : redisBytes(told);
  if (bound !== undefined && bound > 0) return { dataBytes: Math.round(bound / ROOM_ABOVE_DATA), notes: [] };
  const used = answer.kind === 'value' ? Number(answer.value.info.get('used_memory')) : Number.NaN;
  if (Number.isNaN(used)) return { dataBytes: undefined, notes: [{ text: SILENT, data: { name } }] };
  const note = { text: NO_LIMIT, data: { name, used: formatBytes(used) } };
  return { dataBytes: Math.ceil(used * GROWTH), notes: [note] };
}

/** By its policy, else by what is in it; nothing where neither tells. */
function roleOf(server: RedisServer): Pick<RedisRequest, 'role'> {
  if (server.answer.kind === 'value') {
    const role = redisRoleOf(server.answer.value);
    if (role.hasQueue || role.hasSessions) return { role: 'queue' };
    if (role.isCache) return { role: 'cache' };
  }
  return /^allkeys-/.test(server.setting('maxmemory-policy')?.value ?? '') ? { role: 'cache' } : {};
}

function persistenceOf(server: RedisServer): Pick<RedisRequest, 'persistent'> {
  const save = server.setting('save')?.value;
  const log = server.setting('appendonly')?.value;
  return save === undefined || log === undefined ? {} : { persistent: save !== '' || log === 'yes' };
}
