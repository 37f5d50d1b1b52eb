import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { amountOf, isOn } from '../facts/database-settings.ts';
import { lookAtDatabases, needsFiles } from '../look-at-databases.ts';
import { setDatabaseNow } from '../repairs/set-database.ts';

/** Whoever waits at a phone notices a second; queries above are those worth an index. */
const MOST_SECONDS = 3;

const OFF: Text = {
  en: '{name}: the slow query log is off',
  zh: '{name}：未开启慢查询日志',
};
const TOO_SLOW: Text = {
  en: '{name}: the slow query log begins at {seconds} s',
  zh: '{name}：慢查询日志从 {seconds} 秒才开始记录',
};

export const slowQueryLog: Check = {
  id: 'D8',
  name: 'slow-query-log',
  group: 'database',
  title: { en: 'Slow query log', zh: '慢查询日志' },
  why: {
    en: 'A query without an index is what most often takes CPU and memory of a small database; the log names it, and costs nothing as long as nothing is slow. Off by default, and at 10 s when it is on.',
    zh: '小型数据库的 CPU 和内存多半耗在没有索引的查询上；慢日志会直接指出它，没有慢查询时几乎没有开销。默认关闭，开启后默认 10 秒才记录。',
  },
  explanation: {
    en: 'Each query that takes longer than long_query_time is written to a file, with how many rows it looked at.',
    zh: '执行时间超过 long_query_time 的查询会写入文件，并记录扫描了多少行。',
  },
  async look(patient) {
    return lookAtDatabases(patient, judge);
  },
};

function judge(server: DatabaseServer): Outcome {
  const { name } = server;
  const [log, time] = [server.setting('slow_query_log'), server.setting('long_query_time')];
  if (log === undefined) return needsFiles(server, 'slow_query_log');
  if (time === undefined) return needsFiles(server, 'long_query_time');
  const evidence = `${name}: slow_query_log=${log.value} (${log.from}) long_query_time=${time.value} (${time.from})`;
  const seconds = amountOf(time.value);
  if (isOn(log.value) && seconds <= MOST_SECONDS) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'info',
    text: isOn(log.value) ? TOO_SLOW : OFF,
    data: { name, seconds },
    evidence,
    fix: setDatabaseNow(server, { slow_query_log: 1, long_query_time: 1 }),
  };
}
