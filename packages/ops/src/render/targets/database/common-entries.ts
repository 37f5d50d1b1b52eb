import { MiB, type Text } from '@maque/kit';
import type { PlannedDatabase } from '../../../plan/box/planned-service.ts';
import { because, type ConfigEntry, numbered } from '../../config-lines.ts';
import type { Meaning } from '../../meaning.ts';
import { optionSize, poolBytes, redoBytes, SMALL_BUFFERS } from './database-numbers.ts';
import type { DATABASE_ROWS } from './database-rows.ts';

const PACKET = 16 * MiB;
/** MariaDB takes no less. */
const LEAST_CONNECTIONS = 10;
const WAIT_SECONDS = 7_200;
const SLOW_SECONDS = 1;
const BINLOG_SECONDS = 3 * 86_400;
const BINLOG_FILE = 64 * MiB;

const LOCAL: Text = {
  en: 'This box alone: the apps are here.',
  zh: '只允许本机访问：应用都在这台机器上。',
};
const NO_FILES: Text = {
  en: 'A client must not be talked into sending its files.',
  zh: '不让客户端被诱导上传本地文件。',
};
const UTF8: Text = {
  en: 'All of Unicode, emoji as well; utf8 alone is three bytes and loses them.',
  zh: '完整 Unicode，包括表情；只写 utf8 是三字节，会丢表情。',
};

type Meanings = Readonly<Record<keyof typeof DATABASE_ROWS, Meaning>>;

/** What MariaDB and MySQL are told in the same words. */
export function commonEntries(
  planned: PlannedDatabase,
  meanings: Meanings,
  port: number,
): readonly ConfigEntry[] {
  return [
    because(LOCAL, 'bind_address = 127.0.0.1'),
    numbered(meanings.port, '', `port = ${port}`),
    because(NO_FILES, 'local_infile = OFF'),
    because(UTF8, 'character_set_server = utf8mb4', 'collation_server = utf8mb4_unicode_ci'),
    null,
    ...memory(planned, meanings),
    null,
    ...eachConnection(planned, meanings),
    null,
    ...logs(meanings),
  ];
}

function memory(planned: PlannedDatabase, meanings: Meanings): readonly ConfigEntry[] {
  const { logBuffer, keyBuffer, openTables, tableDefinitions } = SMALL_BUFFERS;
  return [
    numbered(
      meanings.innodb_buffer_pool_size,
      '',
      `innodb_buffer_pool_size = ${optionSize(poolBytes(planned))}`,
    ),
    numbered(meanings.innodb_log_buffer_size, '', `innodb_log_buffer_size = ${optionSize(logBuffer)}`),
    numbered(meanings.innodb_flush_log_at_trx_commit, '', 'innodb_flush_log_at_trx_commit = 1'),
    numbered(meanings.key_buffer_size, '', `key_buffer_size = ${optionSize(keyBuffer)}`),
    numbered(
      meanings.table_caches,
      '',
      `table_open_cache = ${openTables}`,
      `table_definition_cache = ${tableDefinitions}`,
    ),
    because(schemaSaying(planned), `performance_schema = ${planned.performanceSchema ? 'ON' : 'OFF'}`),
  ];
}

function schemaSaying({ performanceSchema }: PlannedDatabase): Text {
  return performanceSchema
    ? { en: 'Asked for; 105 MiB of the plan.', zh: '按要求开启，规划中占 105 MiB。' }
    : {
        en: 'It would take 105 MiB for figures that nobody looks at.',
        zh: '开启会占 105 MiB，而没人看这些数据。',
      };
}

function eachConnection(planned: PlannedDatabase, meanings: Meanings): readonly ConfigEntry[] {
  const { connections, busyConnections, temporaryTableBytes, sortBufferBytes, joinBufferBytes } = planned;
  return [
    numbered(meanings.max_connections, '', `max_connections = ${Math.max(LEAST_CONNECTIONS, connections)}`),
    numbered(meanings.thread_cache_size, '', `thread_cache_size = ${busyConnections}`),
    numbered(
      meanings.temporary_tables,
      '',
      `tmp_table_size = ${optionSize(temporaryTableBytes)}`,
      `max_heap_table_size = ${optionSize(temporaryTableBytes)}`,
    ),
    numbered(meanings.sort_buffer_size, '', `sort_buffer_size = ${optionSize(sortBufferBytes)}`),
    numbered(meanings.join_buffer_size, '', `join_buffer_size = ${optionSize(joinBufferBytes)}`),
    numbered(meanings.max_allowed_packet, '', `max_allowed_packet = ${optionSize(PACKET)}`),
    numbered(
      meanings.wait_timeout,
      '',
      `wait_timeout = ${WAIT_SECONDS}`,
      `interactive_timeout = ${WAIT_SECONDS}`,
    ),
  ];
}

function logs(meanings: Meanings): readonly ConfigEntry[] {
  return [
    'slow_query_log = ON',
    'slow_query_log_file = /var/log/mysql/slow.log',
    numbered(meanings.long_query_time, '', `long_query_time = ${SLOW_SECONDS}`),
    numbered(
      meanings.binlog_age,
      '3 × 86400',
      `loose_binlog_expire_logs_seconds = ${BINLOG_SECONDS}`,
      `max_binlog_size = ${optionSize(BINLOG_FILE)}`,
    ),
  ];
}

/** Of the redo log: each has a name of its own for it. */
export function redoEntry(planned: PlannedDatabase, meaning: Meaning, name: string): ConfigEntry {
  return numbered(
    meaning,
    `${optionSize(poolBytes(planned))} ÷ 2, 48M … 256M`,
    `${name} = ${optionSize(redoBytes(planned))}`,
  );
}
