import type { Text } from '@maque/kit';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import type { PlannedDatabase } from '../../plan/box/planned-service.ts';
import { because, type ConfigEntry, numbered, writeConfig } from '../config-lines.ts';
import { headOf } from '../file-head.ts';
import { defineMeanings } from '../meaning.ts';
import type { RenderTarget } from '../target.ts';
import { commonEntries, redoEntry } from './database/common-entries.ts';
import { optionSize, poolBytes, temptableBytes } from './database/database-numbers.ts';
import { DATABASE_ROWS, MYSQL_ROWS } from './database/database-rows.ts';
import { databaseUnit } from './database/database-unit.ts';
import { UNIT_MEANINGS } from './unit/unit-meanings.ts';

const meanings = defineMeanings('mysql', { ...DATABASE_ROWS, ...MYSQL_ROWS, ...UNIT_MEANINGS });
const USUAL_PORT = 3306;

const LAST: Text = {
  en: 'Read after mysqld.cnf: what stands here counts. For MySQL 8.0 and 8.4; elsewhere than on Debian and Ubuntu it is\n/etc/my.cnf.d/maque.cnf, and /etc/my.cnf has to say !includedir /etc/my.cnf.d.',
  zh: '在 mysqld.cnf 之后读取，以此为准。适用于 MySQL 8.0 与 8.4；非 Debian/Ubuntu 请放到 /etc/my.cnf.d/maque.cnf，\n并在 /etc/my.cnf 中写 !includedir /etc/my.cnf.d。',
};
const NO_X: Text = {
  en: 'The X protocol listens on all addresses (port 33060), takes memory, and no app here speaks it.',
  zh: 'X 协议默认监听所有地址（33060 端口），还占内存，而应用都不用它。',
};
const NO_BINLOG: Text = {
  en: 'On by default with MySQL 8; see mysql.binlog_age for what that costs and gives.',
  zh: 'MySQL 8 默认开启；利弊见 mysql.binlog_age。',
};
const DIRECT: Text = {
  en: 'Pages are in the pool already; the kernel must not keep them a second time.',
  zh: '数据页已在缓冲池中，不必让内核再缓存一份。',
};

/** MySQL 8 for a box that it shares. */
export const mysql: RenderTarget = {
  name: 'mysql',
  summary: {
    en: 'MySQL 8 for a small box: buffers, connections and logs out of the plan',
    zh: '小机器上的 MySQL 8：缓冲区、连接数与日志都来自规划',
  },
  belongsTo: 'server',
  meanings,
  render(plan, { language }) {
    const planned = plan.services.find((service): service is PlannedDatabase => service.kind === 'mysql');
    if (planned === undefined) return [];
    const content = writeConfig(
      [
        headOf('mysql', language),
        because(LAST, '[mysqld]'),
        ...commonEntries(planned, meanings, portOf(plan)),
        null,
        ...own(planned),
      ],
      language,
    );
    return [
      databaseUnit('mysql.service', 'mysql', planned, meanings, language),
      databaseUnit('mysqld.service', 'mysql', planned, meanings, language),
      {
        target: 'mysql',
        path: '/etc/mysql/mysql.conf.d/zz-maque.cnf',
        content,
        // At an hour of the operator's choice: all apps wait meanwhile.
        next: ['systemctl restart mysql.service'],
      },
    ];
  },
};

function own(planned: PlannedDatabase): readonly ConfigEntry[] {
  const { busyConnections, temporaryTableBytes } = planned;
  const pool = optionSize(poolBytes(planned));
  return [
    numbered(meanings.innodb_buffer_pool_instances, '', 'innodb_buffer_pool_instances = 1'),
    numbered(meanings.innodb_buffer_pool_chunk_size, pool, `innodb_buffer_pool_chunk_size = ${pool}`),
    redoEntry(planned, meanings.redo_log, 'loose_innodb_redo_log_capacity'),
    numbered(
      meanings.temptable_max_ram,
      `${busyConnections} × ${optionSize(temporaryTableBytes)}`,
      `temptable_max_ram = ${optionSize(temptableBytes(planned))}`,
      'loose_temptable_max_mmap = 0',
    ),
    because(DIRECT, 'innodb_flush_method = O_DIRECT'),
    because(NO_BINLOG, 'skip_log_bin'),
    because(NO_X, 'loose_mysqlx = OFF'),
  ];
}

/** Both on one box is rare; the other one was there first. */
function portOf({ services }: BoxPlan): number {
  return services.some(({ kind }) => kind === 'mariadb') ? USUAL_PORT + 1 : USUAL_PORT;
}
