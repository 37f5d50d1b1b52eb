import { DAY, SECOND, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { amountOf } from '../facts/database-settings.ts';
import { answerOf, lookAtDatabases, needsLogin } from '../look-at-databases.ts';
import { setDatabaseNow } from '../repairs/set-database.ts';

/** Up to here headroom is cheap, whatever was used. */
const ALWAYS_FINE = 60;
const MOST_TIMES_USED = 3;
const NEARLY_ALL = 0.85;
/** Before a day has passed the peak of the day is not known. */
const SHORTEST_UPTIME_SECONDS = DAY / SECOND;
const SPARE = 10;

const TOO_MANY: Text = {
  en: '{name}: max_connections is {limit}, and {used} at once were ever in use',
  zh: '{name}：max_connections 为 {limit}，而历史最高只用到 {used}',
};
const TOO_FEW: Text = {
  en: '{name}: {used} of {limit} connections were in use at once; at the limit new ones fail with error 1040',
  zh: '{name}：{limit} 个连接最多同时用过 {used} 个；到达上限后新连接会报 1040 错误',
};
const USE: Text = { en: 'how many connections were in use', zh: '历史最高连接数' };

export const databaseConnections: Check = {
  id: 'D2',
  name: 'database-connections',
  group: 'database',
  title: { en: 'Limit of connections', zh: '数据库最大连接数' },
  why: {
    en: 'Headroom costs nothing until a burst fills it, with up to 7.8 MiB a connection; too little of it gives error 1040, "Too many connections".',
    zh: '空余的连接数平时不占内存，突发时每个可达 7.8 MiB；留得太少则会报 1040（Too many connections）。',
  },
  explanation: {
    en: 'max_connections is how many clients may be connected at once. What is needed is the sum of the pools of all apps, and some ten for yourself. Max_used_connections tells how many there ever were since the start.',
    zh: 'max_connections 是允许同时连接的客户端数。所需数量 = 各应用连接池之和，再留约 10 个给自己。Max_used_connections 是启动以来的最高值。',
  },
  async look(patient) {
    return lookAtDatabases(patient, judge);
  },
};

function judge(server: DatabaseServer): Outcome {
  const { name } = server;
  const status = answerOf(server)?.status;
  const used = status?.get('Max_used_connections');
  const limit = amountOf(server.setting('max_connections')?.value ?? '');
  if (used === undefined || status === undefined) return needsLogin(server, USE);
  const isYoung = (status.get('Uptime') ?? 0) < SHORTEST_UPTIME_SECONDS;
  const evidence = `${name}: max_connections=${limit} Max_used_connections=${used}`;
  const isTooFew = used > limit * NEARLY_ALL;
  const isTooMany = limit > ALWAYS_FINE && limit > used * MOST_TIMES_USED && !isYoung;
  if (!isTooFew && !isTooMany) return { kind: 'ok', evidence };
  const advised = Math.max(30, Math.ceil(used * (isTooFew ? 1.5 : 2)) + SPARE);
  return {
    kind: 'finding',
    severity: 'warning',
    text: isTooFew ? TOO_FEW : TOO_MANY,
    data: { name, limit, used },
    evidence,
    fix: setDatabaseNow(server, { max_connections: advised }),
  };
}
