import { type Bytes, formatBytes, GiB, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { amountOf } from '../facts/database-settings.ts';
import { answerOf, lookAtDatabasesIn, needsFiles } from '../look-at-databases.ts';
import { setDatabaseNow } from '../repairs/set-database.ts';

const SMALL_BOX_BYTES: Bytes = 2 * GiB;
const MOST_BYTES: Bytes = 4 * MiB;

const TOO_LARGE: Text = {
  en: '{name}: temporary tables up to {size} in memory, for each connection that sorts or groups, on a box of {total}',
  zh: '{name}：每个做排序、分组的连接可在内存里建最大 {size} 的临时表，而机器只有 {total}',
};

export const databaseTemporaryTables: Check = {
  id: 'D3',
  name: 'database-temporary-tables',
  group: 'database',
  title: { en: 'Temporary tables in memory', zh: '内存临时表' },
  why: {
    en: 'In memory a temporary table has the full width of its columns (a VARCHAR(500) of utf8mb4 is 2000 bytes): this, not the sort buffer, is what grows with each connection. 16 MiB is 7.8 MiB a busy connection, 1 MiB is 2.6 (measured).',
    zh: '内存临时表按列的最大宽度占用（utf8mb4 的 VARCHAR(500) 是 2000 字节）：随连接数增长的是它，而不是 sort_buffer_size。设为 16 MiB 时每个忙连接 7.8 MiB，1 MiB 时 2.6（实测）。',
  },
  explanation: {
    en: 'For GROUP BY, DISTINCT and some sorts the database builds a table for a moment. Up to tmp_table_size it stays in memory, beyond that it goes to the disk, which on small results is hardly slower. Selecting fewer columns helps most.',
    zh: '做 GROUP BY、DISTINCT 和部分排序时，数据库会临时建一张表。不超过 tmp_table_size 就放内存，超过就写磁盘；结果不大时几乎不慢。少查几列最有效。',
  },
  look: (patient) => lookAtDatabasesIn(patient, judge),
};

function judge(server: DatabaseServer, totalBytes: Bytes): Outcome {
  const { name } = server;
  const [table, heap] = [server.setting('tmp_table_size'), server.setting('max_heap_table_size')];
  if (table === undefined) return needsFiles(server, 'tmp_table_size');
  if (heap === undefined) return needsFiles(server, 'max_heap_table_size');
  // The smaller of the two counts.
  const size = Math.min(amountOf(table.value), amountOf(heap.value));
  const status = answerOf(server)?.status;
  const onDisk = `${status?.get('Created_tmp_disk_tables')} of ${status?.get('Created_tmp_tables')} on disk`;
  const evidence = `${name}: tmp_table_size=${table.value} (${table.from}) max_heap_table_size=${heap.value} (${heap.from})${status === undefined ? '' : `, ${onDisk}`}`;
  if (size <= MOST_BYTES || totalBytes > SMALL_BOX_BYTES) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'warning',
    text: TOO_LARGE,
    data: { name, size: formatBytes(size), total: formatBytes(totalBytes) },
    evidence,
    fix: setDatabaseNow(server, { tmp_table_size: '1M', max_heap_table_size: '1M' }),
  };
}
