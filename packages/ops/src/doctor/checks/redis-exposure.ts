import type { Text } from '@maque/kit';
import type { FixLine } from '../../findings/finding.ts';
import type { Check, Outcome } from '../check.ts';
import { openAddresses, openPublished, publishedPorts } from '../facts/open-ports.ts';
import { PROTECTED, type RedisServer } from '../facts/redis-servers.ts';
import { REDIS_DEFAULTS } from '../facts/redis-settings.ts';
import { lookAtRedis, needsRedis, redisAnswer, setRedis } from '../look-at-redis.ts';
import { cannotRead } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

const OPEN: Text = {
  en: '{name} listens on {addresses} without a password',
  zh: '{name} 监听 {addresses}，且没有密码',
};
const GUARDED: Text = {
  en: '{name} listens on {addresses} without a password; only protected-mode keeps others out',
  zh: '{name} 监听 {addresses}，没有密码，只靠 protected-mode 挡住外部访问',
};
const BEHIND_PASSWORD: Text = {
  en: '{name} listens on {addresses}, behind a password that may be tried 100,000 times a second',
  zh: '{name} 监听 {addresses}，虽有密码，但每秒可被尝试十万次',
};

export const redisExposure: Check = {
  id: 'E6',
  name: 'redis-exposure',
  group: 'redis',
  title: { en: 'Who can reach Redis', zh: 'Redis 对外暴露' },
  why: {
    en: 'An open Redis is found within hours and made to write a crontab or a key for SSH: miners that come in so are also a cause of "out of memory".',
    zh: '暴露的 Redis 几小时内就会被扫到，被用来写 crontab 或 SSH 公钥：由此进来的挖矿程序也是“内存不足”的常见原因。',
  },
  explanation: {
    en: 'Redis is made for a network in which everybody is trusted. The apps are on the same box: 127.0.0.1 is enough, or a socket file.',
    zh: 'Redis 是为可信网络设计的。应用在同一台机器上，监听 127.0.0.1 或用 socket 文件即可。',
  },
  async look(patient) {
    return lookAtRedis(patient, (server) => judge(server, patient));
  },
};

async function judge(server: RedisServer, patient: Patient): Promise<Outcome> {
  const { name, hasPassword } = server;
  const addresses = await addressesOf(server, patient);
  if ('kind' in addresses) return addresses;
  const data = { name, addresses: addresses.join(', ') };
  const mode = server.setting('protected-mode')?.value;
  const words = hasPassword === undefined ? 'unknown' : hasPassword ? 'yes' : 'no';
  const evidence = `${name}: ${addresses.length === 0 ? 'no address that others reach' : data.addresses}; password: ${words}; protected-mode ${mode ?? 'unknown'}`;
  if (addresses.length === 0) return { kind: 'ok', evidence };
  if (hasPassword === undefined) return needsRedis(server, 'requirepass');
  const finding = { kind: 'finding', data, evidence, fix: closePort(server) } as const;
  if (hasPassword) return { ...finding, severity: 'warning', text: BEHIND_PASSWORD };
  return isProtected(server)
    ? { ...finding, severity: 'warning', text: GUARDED }
    : { ...finding, severity: 'critical', text: OPEN };
}

/** Whether it refuses strangers by itself. Before Redis 7 an address in `bind` turned that off. */
function isProtected(server: RedisServer): boolean {
  if (server.answer.kind === 'unreadable' && server.answer.reason === PROTECTED) return true;
  if (server.setting('protected-mode')?.value !== 'yes') return false;
  const major = Number.parseInt(redisAnswer(server)?.info.get('redis_version') ?? '', 10);
  const bind = server.setting('bind')?.value.trim() ?? '';
  return major >= 7 || bind === '' || bind === REDIS_DEFAULTS.bind;
}

async function addressesOf(server: RedisServer, patient: Patient): Promise<readonly string[] | Outcome> {
  if (server.port === 0) return [];
  if (server.service.container !== null) {
    const processes = await patient.processes();
    return processes.kind === 'value' ? openPublished(publishedPorts(processes.value), server.port) : [];
  }
  const sockets = await patient.listeningSockets();
  return sockets.kind === 'value'
    ? openAddresses(sockets.value, server.port)
    : cannotRead('/proc/net/tcp', sockets);
}

function closePort(server: RedisServer): readonly FixLine[] {
  if (server.service.container === null)
    return setRedis(server, { bind: '127.0.0.1', 'protected-mode': 'yes' }).slice(0, 1);
  const where = { en: 'docker-compose.yml, at the service', zh: 'docker-compose.yml 中对应的服务' };
  return [{ where, lines: ['ports:', `  - "127.0.0.1:${server.port}:${server.port}"`] }];
}
