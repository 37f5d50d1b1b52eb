import { type Bytes, formatBytes, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { DatabaseServer } from '../facts/database-servers.ts';
import { amountOf } from '../facts/database-settings.ts';
import { answerOf, isBoxShared, lookAtDatabases, needsFiles } from '../look-at-databases.ts';
import { cannotRead } from '../outcomes.ts';
import { setDatabase } from '../repairs/set-database.ts';

const MOST_SHARE_OF_SHARED_BOX = 0.5;
const ADVISED_SHARE = 0.12;
const GOOD_HIT_RATE = 0.99;
/** Fewer reads than these are those of the start. */
const ENOUGH_READS = 1_000_000;
/** With less of it free, all that fits is in it. */
const FULL_SHARE = 0.02;

const TOO_LARGE: Text = {
  en: '{name}: a buffer pool of {pool} on a box of {total} that apps share',
  zh: '{name}：缓冲池 {pool}，而机器共 {total}，还要分给应用',
};
const TOO_SMALL: Text = {
  en: '{name}: the buffer pool of {pool} is full, and {rate} % of reads are served from it',
  zh: '{name}：{pool} 的缓冲池已满，命中率 {rate}%',
};

export const databaseBufferPool: Check = {
  id: 'D4',
  name: 'database-buffer-pool',
  group: 'database',
  title: { en: 'Buffer pool', zh: 'InnoDB 缓冲池' },
  why: {
    en: 'The advice of 50 to 80 % of memory is for a machine that does nothing else. On a shared 2 GiB box 10 to 15 % hold the tables of a small shop, and below 99 % of hits the disk is what answers.',
    zh: '“内存的 50–80%” 的建议只适合数据库专用机。2 GiB 共用机器上 10–15% 就够小店的数据；命中率低于 99% 时，则主要在等磁盘。',
  },
  explanation: {
    en: 'The buffer pool is where InnoDB keeps pages of tables that it has read. It takes what it is given and never gives it back.',
    zh: '缓冲池是 InnoDB 缓存已读数据页的地方。给多少就占多少，而且不会归还。',
  },
  async look(patient) {
    const [room, shared] = await Promise.all([patient.memoryRoom(), isBoxShared(patient)]);
    return lookAtDatabases(patient, (server) =>
      room.kind === 'value'
        ? judge(server, room.value.totalBytes, shared)
        : cannotRead('/proc/meminfo', room),
    );
  },
};

function judge(server: DatabaseServer, totalBytes: Bytes, shared: boolean): Outcome {
  const { name } = server;
  const setting = server.setting('innodb_buffer_pool_size');
  if (setting === undefined) return needsFiles(server, 'innodb_buffer_pool_size');
  const pool = amountOf(setting.value);
  const status = answerOf(server)?.status;
  const reads = status?.get('Innodb_buffer_pool_read_requests') ?? 0;
  const rate = 1 - (status?.get('Innodb_buffer_pool_reads') ?? 0) / Math.max(1, reads);
  const free = status?.get('Innodb_buffer_pool_pages_free') ?? 0;
  const isFull = free <= FULL_SHARE * (status?.get('Innodb_buffer_pool_pages_total') ?? 0);
  const percent = Math.floor(rate * 1_000) / 10;
  const evidence = `${name}: innodb_buffer_pool_size=${setting.value} (${setting.from})${reads === 0 ? '' : `, ${percent} % of ${reads} reads`}`;
  const data = { name, pool: formatBytes(pool), total: formatBytes(totalBytes), rate: percent };
  const advised = Math.max(64, Math.round((totalBytes * ADVISED_SHARE) / MiB / 16) * 16);
  if (shared && pool > MOST_SHARE_OF_SHARED_BOX * totalBytes)
    return finding('warning', TOO_LARGE, data, evidence, server, `${advised}M`);
  if (reads >= ENOUGH_READS && rate < GOOD_HIT_RATE && isFull)
    return finding('info', TOO_SMALL, data, evidence, server, `${Math.round((pool * 1.5) / MiB)}M`);
  return { kind: 'ok', evidence };
}

function finding(
  severity: 'warning' | 'info',
  text: Text,
  data: Readonly<Record<string, unknown>>,
  evidence: string,
  server: DatabaseServer,
  size: string,
): Outcome {
  const fix = setDatabase(server, [`innodb_buffer_pool_size = ${size}`]);
  return { kind: 'finding', severity, text, data, evidence, fix };
}
