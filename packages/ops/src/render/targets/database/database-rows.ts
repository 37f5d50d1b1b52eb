import type { Meaning } from '../../meaning.ts';

type Row = Omit<Meaning, 'id'>;

const PLAN = { en: 'the plan', zh: '规划' };
const INNODB_DOCS = {
  en: 'documentation of InnoDB in MariaDB and MySQL',
  zh: 'MariaDB 与 MySQL 的 InnoDB 文档',
};

/** Numbers that MariaDB and MySQL have in common. */
export const DATABASE_ROWS = {
  port: {
    short: { en: 'where apps of this box reach it', zh: '本机应用连接它的端口' },
    explanation: {
      en: 'On 127.0.0.1 only. The usual one; beside a MariaDB on the same box, MySQL takes the next.',
      zh: '只在 127.0.0.1 上监听。用常用端口；同机已有 MariaDB 时，MySQL 用下一个。',
    },
    source: { en: 'the default of both', zh: '两者的默认值' },
  },
  innodb_buffer_pool_size: {
    short: { en: 'pages of tables that are kept in memory', zh: '留在内存中的表数据' },
    explanation: {
      en: 'The largest part of the database, taken whole once it is warm and never given back. Too small, and every list waits for the disk; too large, and the apps have no memory. The advice of 70 % is for a machine that does nothing else.',
      zh: '数据库最大的一块内存，预热后全部占用且不归还。太小，每个列表都要等磁盘；太大，应用没有内存。“给 70%”只适合数据库专用机。',
    },
    source: PLAN,
  },
  innodb_buffer_pool_chunk_size: {
    short: { en: 'the step to which the pool is rounded up', zh: '缓冲池向上取整的单位' },
    explanation: {
      en: 'With the usual 128 MiB a pool of 192 becomes 256 without a word: 64 MiB that nobody has planned.',
      zh: '按常见的 128 MiB，192 的缓冲池会悄悄变成 256：多出 64 MiB 规划外的内存。',
    },
    source: INNODB_DOCS,
  },
  innodb_log_buffer_size: {
    short: { en: 'changes that are not yet written to the log', zh: '尚未写入日志的修改' },
    explanation: {
      en: 'It is written at each commit. Larger ones are for transactions that change tens of thousands of rows at once.',
      zh: '每次提交都会写出。更大只对一次修改几万行的事务有用。',
    },
    source: { en: 'measured with the base of the plan', zh: '与规划的基础值一同实测' },
  },
  redo_log: {
    short: { en: 'disk for the log of changes; no memory', zh: '重做日志占用的磁盘，不占内存' },
    explanation: {
      en: 'Half of the pool, 48 to 256 MiB. Too small, and heavy writing has to wait until pages are on the disk; too large, and the start after a crash takes minutes.',
      zh: '缓冲池的一半，48 至 256 MiB。太小，大量写入要等页面落盘；太大，崩溃后启动要几分钟。',
    },
    source: INNODB_DOCS,
  },
  innodb_flush_log_at_trx_commit: {
    short: { en: 'what was acknowledged is on the disk', zh: '已确认的写入一定已落盘' },
    explanation: {
      en: 'An order that a customer was told of survives a power cut. 2 makes writes several times faster and may lose the last second of them when the machine dies (not when only the database does); 0 also then. For orders and payments leave 1.',
      zh: '告诉顾客成功的订单在断电后仍在。设为 2 写入快几倍，但整机断电时可能丢最后一秒（仅数据库崩溃不丢）；0 则数据库崩溃也丢。有订单和支付请保留 1。',
    },
    source: INNODB_DOCS,
  },
  temporary_tables: {
    short: {
      en: 'a temporary table up to this stays in memory; each busy connection may have one',
      zh: '临时表不超过此值时放内存；每个忙连接可能各有一个',
    },
    explanation: {
      en: 'For GROUP BY and DISTINCT. In memory it has the full width of its columns, so this is what grows with each connection: 7.8 MiB at 16M, 1.9 to 2.6 at 1M (measured). Beyond it the table goes to the disk.',
      zh: '用于 GROUP BY 与 DISTINCT。内存临时表按列的最大宽度占用，所以随连接数增长的就是它：16M 时每个 7.8 MiB，1M 时 1.9–2.6（实测）。超过则写磁盘。',
    },
    source: { en: 'the plan; what maque doctor demands (D3)', zh: '规划；maque doctor 的要求（D3）' },
  },
  sort_buffer_size: {
    short: { en: 'memory of one sort', zh: '一次排序的内存' },
    explanation: {
      en: 'Larger ones seldom help: a list of a page is sorted by an index or in a few kilobytes.',
      zh: '更大很少有用：一页列表靠索引或几 KB 就能排完。',
    },
    source: PLAN,
  },
  join_buffer_size: {
    short: { en: 'memory of one join without an index', zh: '一次无索引连接的内存' },
    explanation: {
      en: 'A query may take several of it. What it makes faster is better made fast by an index.',
      zh: '一个查询可能占好几份。它能加速的，建索引会更好。',
    },
    source: PLAN,
  },
  malloc_arenas: {
    short: {
      en: 'queries share two stocks of free memory instead of filling one each',
      zh: '所有查询共用两个内存分配区，而不是各占一个',
    },
    explanation: {
      en: 'The C library gives threads stocks of their own (up to 8 a core) and seldom gives back what a query has left in one. Measured with MariaDB 10.11 on two cores: 10 busy connections take 15 MiB less with two of them, 30 take 27 MiB less, and are no slower. On a machine of many cores with thousands of queries a second they would wait for each other.',
      zh: 'C 库会给线程各自的内存分配区（每核最多 8 个），查询用过的内存很少归还。在双核机器上用 MariaDB 10.11 实测：限制为两个后，10 个忙连接少占 15 MiB，30 个少占 27 MiB，且不变慢。只有核很多、每秒几千个查询的机器才会因此互相等待。',
    },
    source: { en: 'measured; mallopt(3), M_ARENA_MAX', zh: '实测；mallopt(3) 的 M_ARENA_MAX' },
  },
  max_connections: {
    short: { en: 'the pools of all apps, and ten for people', zh: '所有应用连接池之和，另加十个给人用' },
    explanation: {
      en: 'Too few, and a deploy that runs old and new processes side by side gets error 1040. Too many cost nothing until all are busy at once.',
      zh: '太少，发布时新旧进程并存会报 1040；太多平时不占内存，同时忙起来才会出事。',
    },
    source: { en: 'the plan: the sum of the pools', zh: '规划：连接池之和' },
  },
  thread_cache_size: {
    short: { en: 'threads kept for the next connection', zh: '为下一个连接保留的线程' },
    explanation: {
      en: 'As many as work at once. Pools keep their connections, so few are ever started.',
      zh: '等于同时工作的数量。连接池会保持连接，很少需要新线程。',
    },
    source: { en: 'the plan: busy connections', zh: '规划：忙连接数' },
  },
  max_allowed_packet: {
    short: { en: 'the longest query, and the longest row', zh: '最长的查询或一行数据' },
    explanation: {
      en: 'A connection takes it only for as long as it is needed. Files belong on the disk or in an object store, not in a row.',
      zh: '只在需要时才占用。文件应放磁盘或对象存储，不要放进表里。',
    },
    source: { en: "MariaDB's default", zh: 'MariaDB 默认值' },
  },
  table_caches: {
    short: { en: 'tables that are kept open, and their definitions', zh: '保持打开的表及其定义' },
    explanation: {
      en: 'Each connection that uses a table opens it anew. A small app has some dozens of tables; the default of 2000 or 4000 is memory for nothing.',
      zh: '每个连接用到一张表都要打开一次。小应用只有几十张表，默认的 2000 或 4000 是白占内存。',
    },
    source: { en: 'measured with the base of the plan', zh: '与规划的基础值一同实测' },
  },
  key_buffer_size: {
    short: { en: 'for tables of MyISAM, of which there are none', zh: '给 MyISAM 表用，而这里没有' },
    explanation: {
      en: 'MariaDB takes 128 MiB for them by default. If some of your tables are MyISAM, convert them to InnoDB.',
      zh: 'MariaDB 默认给 128 MiB。若还有 MyISAM 表，请改为 InnoDB。',
    },
    source: { en: 'measured with the base of the plan', zh: '与规划的基础值一同实测' },
  },
  wait_timeout: {
    short: { en: 'a connection that says nothing for so long is closed', zh: '沉默这么久的连接会被关闭' },
    explanation: {
      en: 'What a crashed app or a forgotten client left behind goes after two hours, not after eight. Shorter cuts pools of Java and Python that renew their connections each half hour or hour.',
      zh: '崩溃的应用或忘记关的客户端留下的连接两小时后清掉，而不是八小时。更短会误伤每半小时或一小时才换连接的 Java、Python 连接池。',
    },
    source: {
      en: 'maxLifetime of HikariCP 30 min, pool_recycle of SQLAlchemy 1 h',
      zh: 'HikariCP maxLifetime 30 分钟，SQLAlchemy pool_recycle 1 小时',
    },
  },
  long_query_time: {
    short: { en: 'slower queries are written to the slow log', zh: '更慢的查询写入慢日志' },
    explanation: {
      en: 'A query that takes a second lacks an index; the log names it and costs nothing as long as nothing is slow.',
      zh: '要一秒的查询多半缺索引；慢日志会指出它，没有慢查询就没有开销。',
    },
    source: { en: 'what maque doctor demands (D8)', zh: 'maque doctor 的要求（D8）' },
  },
  binlog_age: {
    short: {
      en: 'if binary logs are ever turned on: three days of them, in files of 64 MiB',
      zh: '若以后开启 binlog：保留三天，每个文件 64 MiB',
    },
    explanation: {
      en: 'They are off: each change would be written twice, and a small box has no replica. What that costs: after a disaster you get back to the last backup, not to the second. Turn them on (log_bin) to go back to any moment between two backups; without an end they fill the disk.',
      zh: '默认关闭：开启后每次修改都要写两遍，而小机器没有从库。代价是灾难后只能恢复到上次备份，而不是任意一秒。需要时可设 log_bin 开启；没有期限会写满磁盘。',
    },
    source: { en: 'what maque doctor demands (D7)', zh: 'maque doctor 的要求（D7）' },
  },
} as const satisfies Record<string, Row>;

/** What only MariaDB has. */
export const MARIADB_ROWS = {
  aria_pagecache_buffer_size: {
    short: { en: "for MariaDB's own tables on the disk", zh: 'MariaDB 自身磁盘表的缓存' },
    explanation: {
      en: 'Temporary tables that went to the disk, and system tables. By default 128 MiB, of which a small box uses a few.',
      zh: '落盘的临时表与系统表。默认 128 MiB，小机器只用得到几 MiB。',
    },
    source: { en: 'measured with the base of the plan', zh: '与规划的基础值一同实测' },
  },
} as const satisfies Record<string, Row>;

/** What only MySQL 8 has. */
export const MYSQL_ROWS = {
  innodb_buffer_pool_instances: {
    short: { en: 'one pool, not several small ones', zh: '一个缓冲池，不拆分' },
    explanation: {
      en: 'Several are for pools of gigabytes and dozens of cores; each rounds its part up.',
      zh: '多个实例适合几 GB 的缓冲池和几十个核；每个还会各自向上取整。',
    },
    source: INNODB_DOCS,
  },
  temptable_max_ram: {
    short: {
      en: 'all temporary tables together; beyond it they go to the disk',
      zh: '所有内存临时表合计上限，超过写磁盘',
    },
    explanation: {
      en: 'MySQL 8 keeps temporary tables in an engine of their own, which may take 1 GiB by default: more than the box has to give. temptable_max_mmap=0 keeps what is beyond out of memory-mapped files as well.',
      zh: 'MySQL 8 用单独的引擎存放临时表，默认最多 1 GiB，超过小机器能给的。temptable_max_mmap=0 让超出部分也不用内存映射文件。',
    },
    source: { en: 'the plan: busy connections × temporary table', zh: '规划：忙连接数 × 临时表' },
  },
} as const satisfies Record<string, Row>;
