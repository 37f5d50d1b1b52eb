import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { ask } from '../facts/database-answer.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { amountOf } from '../facts/database-settings.ts';
import { answerOf, lookAtDatabases, needsLogin } from '../look-at-databases.ts';
import type { Patient } from '../patient.ts';
import { setDatabaseNow } from '../repairs/set-database.ts';

const NEARLY_ALL = 0.8;
const PER_CORE = 4;
/** Two processes with a pool of ten each are no matter, however few cores there are. */
const ALWAYS_FINE = 20;

export const ASK_CONNECTIONS =
  "SELECT user, SUBSTRING_INDEX(host, ':', 1), COUNT(*) FROM information_schema.processlist GROUP BY 1, 2";

const NEARLY_FULL: Text = {
  en: '{name}: {open} of {limit} connections are open',
  zh: '{name}：{limit} 个连接已打开 {open} 个',
};
const MORE_THAN_USED: Text = {
  en: '{name}: {user} has {count} connections open on a box of {cores} cores, more than can work at once',
  zh: '{name}：{user} 打开了 {count} 个连接，而机器只有 {cores} 核，不可能同时工作',
};
const CONNECTIONS: Text = { en: 'how many connections are open', zh: '当前打开的连接数' };

export const databasePools: Check = {
  id: 'D6',
  name: 'database-pools',
  group: 'database',
  title: { en: 'Connections that apps keep open', zh: '应用占用的数据库连接' },
  why: {
    en: 'All pools together must stay below max_connections, also while a deploy runs old and new processes side by side: from 80 % on that fails. More than 4 a core wait for each other, and each costs memory.',
    zh: '所有连接池之和要小于 max_connections，发布时新旧进程并存也不能超：超过 80% 就容易出事。每核超过 4 个连接只会互相等待，还要占内存。',
  },
  explanation: {
    en: 'Each process of an app keeps a pool of connections. Ten processes with a pool of 20 hold 200, though two would do the work.',
    zh: '应用的每个进程都有自己的连接池。10 个进程、每池 20 个，就是 200 个连接，其实两三个就够用。',
  },
  async look(patient) {
    return lookAtDatabases(patient, (server) => judge(server, patient));
  },
};

async function judge(server: DatabaseServer, patient: Patient): Promise<Outcome> {
  const { name } = server;
  const answer = answerOf(server);
  const open = answer?.status.get('Threads_connected');
  if (answer === undefined || open === undefined) return needsLogin(server, CONNECTIONS);
  const limit = amountOf(server.setting('max_connections')?.value ?? '');
  const cores = await patient.processorCount();
  const rows = await ask(patient.host, answer.door, ASK_CONNECTIONS);
  const users =
    rows.kind === 'value'
      ? rows.value.map(([user = '', from = '', count]) => ({ who: `${user}@${from}`, count: Number(count) }))
      : [];
  const evidence =
    `${name}: Threads_connected=${open} max_connections=${limit} ${users.map(({ who, count }) => `${who}=${count}`).join(' ')}`.trim();
  if (open > limit * NEARLY_ALL)
    return {
      kind: 'finding',
      severity: 'warning',
      text: NEARLY_FULL,
      data: { name, open, limit },
      evidence,
      fix: [
        {
          where: { en: 'each app, a pool of 5 to 10 for a process', zh: '各应用：每个进程的连接池设为 5–10' },
          lines: ['connectionLimit: 5,'],
        },
        ...setDatabaseNow(server, { max_connections: Math.ceil(open * 1.5) }),
      ],
    };
  const most =
    cores.kind === 'value' ? Math.max(ALWAYS_FINE, PER_CORE * cores.value + 1) : Number.POSITIVE_INFINITY;
  const large = users.toSorted((one, other) => other.count - one.count)[0];
  if (large === undefined || large.count <= most || cores.kind !== 'value') return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'info',
    text: MORE_THAN_USED,
    data: { name, user: large.who, count: large.count, cores: cores.value },
    evidence,
    fix: [
      {
        where: { en: 'the app, at its pool, for each process', zh: '该应用的连接池（每个进程）' },
        lines: ['connectionLimit: 5,'],
      },
    ],
  };
}
