import { DAY, GiB, MiB, SECOND } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import type { Check, Outcome } from '../check.ts';
import { ASK_SETTINGS, clientArguments } from '../facts/database-answer.ts';
import { Patient } from '../patient.ts';
import { ASK_LOGS, binaryLogAge } from './binary-log-age.ts';
import { databaseBufferPool } from './database-buffer-pool.ts';
import { databaseConnections } from './database-connections.ts';
import { ASK_ACCOUNTS, databaseExposure } from './database-exposure.ts';
import { ASK_CONNECTIONS, databasePools } from './database-pools.ts';
import { databaseTemporaryTables } from './database-temporary-tables.ts';
import { databaseWorstCase } from './database-worst-case.ts';
import { performanceSchema } from './performance-schema.ts';
import { slowQueryLog } from './slow-query-log.ts';

const SECRET = 'geheim-5c1a';
const SOCKET = '/run/mysqld/mysqld.sock';
const BOX = {
  '/proc/meminfo': `MemTotal: ${1960 * 1024} kB\nMemAvailable: ${900 * 1024} kB\n`,
  '/proc/stat': 'cpu  1 2 3 4\ncpu0 1 2 3 4\ncpu1 1 2 3 4\n',
  '/proc/net/tcp': listening('0100007F', 3306),
};
const mariadb: RecordedProcess = {
  pid: 600,
  executable: '/usr/sbin/mariadbd',
  cgroup: '/system.slice/mariadb.service',
  rssMb: 200,
};
const mysql: RecordedProcess = {
  ...mariadb,
  executable: '/www/server/mysql/bin/mysqld',
  commandLine: ['/www/server/mysql/bin/mysqld', '--basedir=/www/server/mysql', '--user=mysql'],
  cgroup: '/system.slice/mysqld.service',
};
const app: RecordedProcess = { pid: 900, executable: '/usr/bin/node', cgroup: '/system.slice/shop.service' };

/** As the kernel lists it. */
function listening(address: string, port: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return `  sl  local_address rem_address   st\n   0: ${address}:${hex} 00000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 15060 1 0 100 0 0 10 0\n`;
}

/** As MariaDB 10.11 answers on Debian, whose settings are those that it was built with. */
const DEFAULTS = {
  binlog_expire_logs_seconds: '0',
  datadir: '/var/lib/mysql/',
  expire_logs_days: '0.000000',
  innodb_buffer_pool_size: '134217728',
  aria_pagecache_buffer_size: '134217728',
  key_buffer_size: '134217728',
  log_bin: 'OFF',
  long_query_time: '10.000000',
  max_connections: '151',
  max_heap_table_size: '16777216',
  performance_schema: 'OFF',
  port: '3306',
  skip_networking: 'OFF',
  slow_query_log: 'OFF',
  tmp_table_size: '16777216',
  version: '10.11.19-MariaDB-0+deb12u1',
  Created_tmp_disk_tables: '0',
  Created_tmp_tables: '2',
  Innodb_buffer_pool_pages_free: '7816',
  Innodb_buffer_pool_pages_total: '8112',
  Innodb_buffer_pool_read_requests: '914',
  Innodb_buffer_pool_reads: '165',
  Max_used_connections: '12',
  Threads_connected: '4',
  Uptime: String((3 * DAY) / SECOND),
};
const SMALL = {
  max_connections: '40',
  tmp_table_size: '1048576',
  max_heap_table_size: '1048576',
  slow_query_log: 'ON',
  long_query_time: '1.000000',
};

const command = (sql: string, socket = SOCKET) => `mariadb ${clientArguments(socket, sql).join(' ')}`;
const REFUSED = {
  stderr: "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)\n",
  code: 1,
};

function host(processes: readonly RecordedProcess[], more: HostRecording = {}): HostRecording {
  const { files, links } = recordedProcesses(processes);
  return {
    ...more,
    files: { ...BOX, ...files, [SOCKET]: '', ...more.files },
    links: { ...links, ...more.links },
  };
}

/** It lets root in, and says this. */
function asked(settings: Partial<typeof DEFAULTS> = {}, more: HostRecording = {}): HostRecording {
  const lines = Object.entries({ ...DEFAULTS, ...settings }).map(([name, value]) => `${name}\t${value}\n`);
  const commands = { [command(ASK_SETTINGS)]: lines.join(''), ...more.commands };
  return host([mariadb, app], { ...more, commands });
}

/** It does not, and this stands in its files. */
function refused(text: string | null, more: HostRecording = {}, server = mariadb): HostRecording {
  const files = { '/etc/my.cnf': text, ...more.files };
  return host([server, app], {
    ...more,
    files,
    commands: { [command(ASK_SETTINGS)]: REFUSED, ...more.commands },
  });
}

function look(check: Check, recording: HostRecording): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording)));
}

function kindsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

const NOTHING = host([app]);
const WARM = { Innodb_buffer_pool_read_requests: '9000000', Innodb_buffer_pool_pages_free: '10' };
const accounts = (...rows: readonly string[]) => ({ [command(ASK_ACCOUNTS)]: `${rows.join('\n')}\n` });
const SAFE_ROOT = 'root\tlocalhost\tmysql_native_password\t0';
const OPEN = { files: { '/proc/net/tcp': listening('00000000', 3306) } };
const container = { ...mariadb, cgroup: `/system.slice/docker-${'ab'.repeat(32)}.scope` };
const proxy = (address: string) => ({
  pid: 610,
  executable: '/usr/bin/docker-proxy',
  commandLine: [
    '/usr/bin/docker-proxy',
    '-proto',
    'tcp',
    '-host-ip',
    address,
    '-host-port',
    '3307',
    '-container-ip',
    '172.18.0.2',
    '-container-port',
    '3306',
  ],
});
const CLOSED_FILES = refused(null);

describe.each<[Check, string, HostRecording, readonly string[]]>([
  [databaseWorstCase, 'small', asked(SMALL), ['ok']],
  [databaseWorstCase, 'as it comes, beside an app', asked(), ['warning']],
  [databaseWorstCase, 'more than there is', asked({ max_connections: '500' }), ['critical']],
  [
    databaseWorstCase,
    'large, and nothing else runs',
    host([mariadb], { commands: asked().commands ?? {} }),
    ['ok'],
  ],
  [
    databaseWorstCase,
    'above the limit of its unit',
    asked(
      { ...SMALL, max_connections: '100' },
      {
        files: {
          '/proc/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n',
          '/sys/fs/cgroup/cgroup.controllers': 'memory\n',
          '/sys/fs/cgroup/system.slice/mariadb.service/memory.max': `${256 * MiB}\n`,
        },
      },
    ),
    ['warning'],
  ],
  [
    databaseWorstCase,
    'from its files, with performance_schema by default',
    refused('[mysqld]\nmax_connections = 300\n', {}, mysql),
    ['critical'],
  ],
  [databaseWorstCase, 'its files are closed', CLOSED_FILES, ['unknown']],
  [databaseWorstCase, 'none runs', NOTHING, ['not-applicable']],

  [databaseConnections, 'not many more than were used', asked({ max_connections: '36' }), ['ok']],
  [databaseConnections, 'far more than were used', asked(), ['warning']],
  [databaseConnections, 'far more, but it was started just now', asked({ Uptime: '60' }), ['ok']],
  [databaseConnections, 'nearly all were used', asked({ Max_used_connections: '140' }), ['warning']],
  [databaseConnections, 'it does not let root in', refused('[mysqld]\n'), ['unknown']],

  [databaseTemporaryTables, 'small', asked(SMALL), ['ok']],
  [databaseTemporaryTables, 'as they come', asked(), ['warning']],
  [
    databaseTemporaryTables,
    'the smaller one counts',
    asked({ tmp_table_size: '67108864', max_heap_table_size: '1048576' }),
    ['ok'],
  ],
  [
    databaseTemporaryTables,
    'as they come, on a large box',
    asked({}, { files: { '/proc/meminfo': `MemTotal: ${8 * 1024 * 1024} kB\n` } }),
    ['ok'],
  ],
  [
    databaseTemporaryTables,
    'BT panel, from its file',
    refused('[client]\npassword = x\n[mysqld]\ntmp_table_size = 64M\n', {}, mysql),
    ['warning'],
  ],
  [databaseTemporaryTables, 'its files are closed', CLOSED_FILES, ['unknown']],

  [databaseBufferPool, 'as it comes', asked(), ['ok']],
  [
    databaseBufferPool,
    'of a guide for large servers',
    asked({ innodb_buffer_pool_size: String(GiB) }),
    ['warning'],
  ],
  [
    databaseBufferPool,
    'full, and the disk is asked',
    asked({ ...WARM, Innodb_buffer_pool_reads: '500000' }),
    ['info'],
  ],
  [
    databaseBufferPool,
    'full, and it serves nearly all',
    asked({ ...WARM, Innodb_buffer_pool_reads: '9000' }),
    ['ok'],
  ],
  [databaseBufferPool, 'its files are closed', CLOSED_FILES, ['unknown']],

  [performanceSchema, 'off', asked(), ['ok']],
  [performanceSchema, 'on', asked({ performance_schema: 'ON' }), ['warning']],
  [performanceSchema, 'MySQL by default', refused('[mysqld]\n', {}, mysql), ['warning']],
  [performanceSchema, 'MySQL without it', refused('[mysqld]\nskip-performance-schema\n', {}, mysql), ['ok']],
  [performanceSchema, 'its files are closed', CLOSED_FILES, ['unknown']],

  [
    databasePools,
    'a few',
    asked({}, { commands: { [command(ASK_CONNECTIONS)]: 'shop\tlocalhost\t4\n' } }),
    ['ok'],
  ],
  [databasePools, 'nearly all', asked({ Threads_connected: '130' }), ['warning']],
  [
    databasePools,
    'more than can work',
    asked({ Threads_connected: '60' }, { commands: { [command(ASK_CONNECTIONS)]: 'shop\t127.0.0.1\t60\n' } }),
    ['info'],
  ],
  [databasePools, 'it does not let root in', refused('[mysqld]\n'), ['unknown']],

  [binaryLogAge, 'there is none', asked(), ['ok']],
  [
    binaryLogAge,
    'for ever',
    asked(
      { log_bin: 'ON' },
      { commands: { [command(ASK_LOGS)]: 'binlog.000001\t1073741824\nbinlog.000002\t104857600\n' } },
    ),
    ['warning'],
  ],
  [binaryLogAge, 'three days', asked({ log_bin: 'ON', binlog_expire_logs_seconds: '259200' }), ['ok']],
  [
    binaryLogAge,
    'ten days, as MariaDB tells it both ways',
    asked({ log_bin: 'ON', binlog_expire_logs_seconds: '864000', expire_logs_days: '10.000000' }),
    ['warning'],
  ],
  [binaryLogAge, 'a month, by default of MySQL 8', refused('[mysqld]\n', {}, mysql), ['warning']],
  [
    binaryLogAge,
    'a month, on a large disk',
    refused(
      '[mysqld]\ndatadir=/data\n',
      { spaces: { '/data': { totalBytes: 500 * GiB, freeBytes: 400 * GiB, totalInodes: 9, freeInodes: 9 } } },
      mysql,
    ),
    ['ok'],
  ],
  [
    binaryLogAge,
    'days of an old one',
    refused('[mysqld]\nlog-bin=mysql-bin\nexpire_logs_days = 3\n'),
    ['ok'],
  ],
  [binaryLogAge, 'its files are closed', CLOSED_FILES, ['unknown']],

  [slowQueryLog, 'on', asked(SMALL), ['ok']],
  [slowQueryLog, 'off', asked(), ['info']],
  [slowQueryLog, 'on, and begins late', asked({ slow_query_log: 'ON' }), ['info']],
  [slowQueryLog, 'its files are closed', CLOSED_FILES, ['unknown']],

  [databaseExposure, 'this box alone', asked({}, { commands: accounts(SAFE_ROOT) }), ['ok']],
  [
    databaseExposure,
    'an account without a password',
    asked({}, { commands: accounts('root\tlocalhost\tmysql_native_password\t1') }),
    ['critical'],
  ],
  [
    databaseExposure,
    'an account that the system vouches for',
    asked(
      {},
      {
        commands: accounts(
          'root\tlocalhost\tunix_socket\t1',
          'mariadb.sys\tlocalhost\tmysql_native_password\t1',
        ),
      },
    ),
    ['ok'],
  ],
  [
    databaseExposure,
    'open, for accounts from anywhere',
    asked({}, { ...OPEN, commands: accounts(SAFE_ROOT, 'shop\t%\tmysql_native_password\t0') }),
    ['critical'],
  ],
  [databaseExposure, 'open, for nobody', asked({}, { ...OPEN, commands: accounts(SAFE_ROOT) }), ['warning']],
  [databaseExposure, 'open, and it does not let root in', refused('[mysqld]\n', OPEN), ['critical']],
  [
    databaseExposure,
    'on an address of a private network',
    refused('[mysqld]\n', { files: { '/proc/net/tcp': listening('0500000A', 3306) } }),
    ['ok'],
  ],
  [
    databaseExposure,
    'a container that is published to all',
    host([container, proxy('0.0.0.0')]),
    ['critical'],
  ],
  [
    databaseExposure,
    'a container that is published to this box',
    host([container, proxy('127.0.0.1')]),
    ['ok'],
  ],
  [
    databaseExposure,
    'nobody tells who listens',
    refused('[mysqld]\n', { files: { '/proc/net/tcp': null } }),
    ['unknown'],
  ],
  [databaseExposure, 'its files are closed', CLOSED_FILES, ['unknown']],
])('$name', (check, situation, recording, expected) => {
  it(`${check.id}: ${situation}`, async () => {
    const outcomes = await look(check, recording);
    expect(kindsOf(outcomes)).toEqual(expected);
  });
});

it('reads files in the order in which the server does, and keeps no password of them', async () => {
  const files = {
    '/etc/my.cnf': null,
    '/etc/mysql/my.cnf': `[client-server]\npassword=${SECRET}\n!includedir /etc/mysql/mariadb.conf.d/\n`,
    '/etc/mysql/mariadb.conf.d/50-server.cnf': `[mysqld]\nmax_connections=90 # for now\n[mariadb-10.11]\nmax-connections = "80"\n[mysqldump]\nmax_connections=1\n`,
  };
  const { '/etc/my.cnf': _, ...readable } = files;
  const patient = new Patient(recordedHost(host([mariadb], { files: readable })));
  const servers = await patient.databaseServers();
  const [server] = servers.kind === 'value' ? servers.value : [];
  expect(server?.setting('max_connections')).toEqual({
    value: '80',
    from: '/etc/mysql/mariadb.conf.d/50-server.cnf',
  });
  expect(server?.setting('tmp_table_size')).toEqual({ value: '16M', from: 'default' });
  const outcomes = await look(databaseTemporaryTables, host([mariadb, app], { files: readable }));
  expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  expect(outcomes[0]?.kind === 'finding' ? outcomes[0].fix[0]?.where.en : '').toContain(
    '/etc/mysql/mariadb.conf.d/zz-small-box.cnf',
  );
  const closed = new Patient(recordedHost(host([mariadb], { files })));
  const [hidden] = await closed.databaseServers().then((all) => (all.kind === 'value' ? all.value : []));
  expect(hidden?.setting('max_connections')).toBeUndefined();
});

it('asks no other server than the one that owns the socket', async () => {
  const second = { ...mariadb, pid: 601, commandLine: ['/usr/sbin/mariadbd', '--socket=/tmp/two.sock'] };
  const recording = host([mariadb, second], {
    files: { '/tmp/two.sock': '' },
    commands: {
      [command(ASK_SETTINGS)]: 'max_connections\t1\n',
      [command(ASK_SETTINGS, '/tmp/two.sock')]: 'max_connections\t222\n',
    },
  });
  const servers = await new Patient(recordedHost(recording)).databaseServers();
  const limits = servers.kind === 'value' ? servers.value.map((one) => one.setting('max_connections')) : [];
  expect(limits.map((one) => one?.value)).toEqual(['151', '222']);
});
