import { type Bytes, formatBytes, GiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { isOn } from '../facts/database-settings.ts';
import { lookAtDatabasesIn, needsFiles } from '../look-at-databases.ts';
import { setDatabase } from '../repairs/set-database.ts';

const SMALL_BOX_BYTES: Bytes = 2 * GiB;

const ON: Text = {
  en: '{name}: performance_schema is on, on a box of {total}',
  zh: '{name}：performance_schema 已开启，而机器只有 {total}',
};

export const performanceSchema: Check = {
  id: 'D5',
  name: 'performance-schema',
  group: 'database',
  title: { en: 'performance_schema', zh: 'performance_schema' },
  why: {
    en: 'It takes some 105 MiB (measured with MariaDB), for figures that nobody looks at on a small box. On by default with MySQL, off with MariaDB.',
    zh: '它约占 105 MiB（MariaDB 实测），而小机器上没人看这些数据。MySQL 默认开启，MariaDB 默认关闭。',
  },
  explanation: {
    en: 'With it the database keeps detailed statistics of its own work in memory that it takes at the start. The slow query log tells what matters at no cost.',
    zh: '开启后数据库会在启动时预留内存，记录自身运行的详细统计。慢查询日志几乎不花钱，就能看到最重要的信息。',
  },
  look: (patient) => lookAtDatabasesIn(patient, judge),
};

function judge(server: DatabaseServer, totalBytes: Bytes): Outcome {
  const { name } = server;
  const setting = server.setting('performance_schema');
  if (setting === undefined) return needsFiles(server, 'performance_schema');
  const evidence = `${name}: performance_schema=${setting.value} (${setting.from})`;
  if (!isOn(setting.value) || totalBytes > SMALL_BOX_BYTES) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'warning',
    text: ON,
    data: { name, total: formatBytes(totalBytes) },
    evidence,
    fix: setDatabase(server, ['performance_schema = OFF']),
  };
}
