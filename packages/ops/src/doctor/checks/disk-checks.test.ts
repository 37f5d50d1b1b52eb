import { GiB, HOUR, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from '../../../testing/recorded-process.ts';
import type { Check, Outcome } from '../check.ts';
import { logEndArguments } from '../facts/log-end.ts';
import { Patient } from '../patient.ts';
import type { DoctorSample } from '../samples.ts';
import { takeSample } from '../take-sample.ts';
import { backupAge } from './backup-age.ts';
import { clockRight } from './clock.ts';
import { debugLevel } from './debug-level.ts';
import { deletedFiles, sizeArguments } from './deleted-files.ts';
import { diskSpace } from './disk-space.ts';
import { journalSize } from './journal-size.ts';
import { largeLogs } from './large-logs.ts';
import { JOURNAL_RATE_ARGUMENTS, logFlood } from './log-flood.ts';
import { secretsReadable } from './secrets-readable.ts';
import { unboundedLogs } from './unbounded-logs.ts';

const NOW = Date.UTC(2026, 4, 1);
const shop: RecordedProcess = { pid: 900, executable: '/usr/bin/node', cgroup: '/system.slice/shop.service' };

/** A server with these processes, the first of which runs in /srv/shop. */
function server(
  processes: readonly RecordedProcess[],
  files: HostRecording['files'] = {},
  more: Omit<HostRecording, 'files'> = {},
): HostRecording {
  const recorded = recordedProcesses(processes);
  return {
    ...more,
    files: { ...recorded.files, ...files },
    links: { ...recorded.links, [`/proc/${processes[0]?.pid}/cwd`]: '/srv/shop', ...more.links },
  };
}

async function look(
  check: Check,
  recording: HostRecording,
  samples: readonly DoctorSample[] = [],
): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording), samples));
}

async function kinds(check: Check, recording: HostRecording): Promise<readonly string[]> {
  return (await look(check, recording)).map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

describe('G1 disk-space', () => {
  const mounts =
    'sysfs /sys sysfs rw 0 0\n/dev/vda1 / ext4 rw,relatime 0 0\n/dev/vda1 /var/snap ext4 rw 0 0\n/dev/loop0 /snap/x squashfs ro 0 0\ntmpfs /run tmpfs rw 0 0\n';
  const withFree = (free: number, freeInodes = 900): HostRecording => ({
    files: { '/proc/mounts': mounts },
    spaces: { '/': { totalBytes: 40 * GiB, freeBytes: free * GiB, totalInodes: 1_000, freeInodes } },
  });

  it.each([
    [20, 900, ['ok']],
    [6, 900, ['warning']],
    [2, 900, ['critical']],
    [20, 50, ['critical']],
    [6, 150, ['warning', 'warning']],
  ])('%d GiB and %d inodes left: %j', async (free, inodes, expected) => {
    expect(await kinds(diskSpace, withFree(free, inodes))).toEqual(expected);
  });

  it('says unknown of what cannot be asked', async () => {
    expect(await kinds(diskSpace, { files: { '/proc/mounts': mounts } })).toEqual(['unknown']);
    expect(await kinds(diskSpace, { files: { '/proc/mounts': null } })).toEqual(['unknown']);
  });
});

describe('G2 journal-size', () => {
  const journal = (settings: string | null, size: string): HostRecording => ({
    files: { '/var/log/journal/x': '', '/etc/systemd/journald.conf': settings },
    commands: {
      'journalctl --disk-usage': `Archived and active journals take up ${size} in the file system.\n`,
    },
  });

  it('is fine with a limit of its own, which a later file may set', async () => {
    expect(await kinds(journalSize, journal('[Journal]\nSystemMaxUse=200M\n', '152.0M'))).toEqual(['ok']);
    const later = journal('[Journal]\n#SystemMaxUse=\n', '152.0M');
    const files = {
      ...later.files,
      '/etc/systemd/journald.conf.d/50-size.conf': '[Journal]\nSystemMaxUse=1G\n',
    };
    expect(await kinds(journalSize, { ...later, files })).toEqual(['ok']);
  });

  it('warns of a large one, remarks on one without a limit, and brings one', async () => {
    expect(await look(journalSize, journal('', '3.1G'))).toMatchObject([
      { severity: 'warning', data: { size: '3.1 GiB' } },
    ]);
    const [outcome] = await look(journalSize, journal('', '80.0M'));
    expect(outcome).toMatchObject({ severity: 'info' });
    const repair = outcome?.kind === 'finding' ? outcome.repair : undefined;
    expect(repair?.rewrite(null)).toBe(
      '[Journal]\nSystemMaxUse=200M\nSystemMaxFileSize=20M\nRuntimeMaxUse=32M\n',
    );
  });

  it('says unknown where its settings may not be read, and nothing without a journal', async () => {
    expect(await kinds(journalSize, journal(null, '1M'))).toEqual(['unknown']);
    expect(await kinds(journalSize, {})).toEqual(['not-applicable']);
  });
});

describe('G3 large-logs', () => {
  const OUT = '/root/.pm2/logs/shop-out.log';
  const sized = (path: string, bytes: number, files: HostRecording['files'] = {}): HostRecording => ({
    files: { [path]: '', ...files },
    facts: { [path]: { bytes } },
  });

  it('is fine with small ones', async () => {
    expect(await kinds(largeLogs, sized(OUT, 5 * MiB))).toEqual(['ok']);
  });

  it('finds one that nobody rotates, and brings a rule that logrotate takes', async () => {
    const [outcome] = await look(largeLogs, sized(OUT, 900 * MiB));
    expect(outcome).toMatchObject({ severity: 'warning', data: { path: OUT, size: '900 MiB' } });
    const repair = outcome?.kind === 'finding' ? outcome.repair : undefined;
    const written = repair?.rewrite('/other {\n}') ?? '';
    expect(written).toMatch(
      /^\/other \{\n\}\n\/root\/\.pm2\/logs\/shop-out\.log \{\n {4}size 20M\n[^}]*copytruncate\n\}\n$/,
    );
    expect(repair?.rewrite(written)).toBe(written);
  });

  it('lets logrotate work as the owner of the log', async () => {
    const path = '/home/app/.pm2/logs/shop-out.log';
    const files = {
      '/home/app/x': '',
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1001:1002::/home/app:/bin/sh\n',
      '/etc/group': 'root:x:0:\nstaff:x:1002:\n',
    };
    const recording = sized(path, 900 * MiB, files);
    const outcomes = await look(largeLogs, {
      ...recording,
      facts: { [path]: { bytes: 900 * MiB, uid: 1001 } },
    });
    expect(outcomes).toMatchObject([{ fix: [{ lines: expect.arrayContaining(['    su app staff']) }] }]);
  });

  it('only remarks on one that has a rule, whether by pattern or by pm2-logrotate', async () => {
    const rule = { '/etc/logrotate.d/nginx': '# "x\n/var/log/nginx/*.log /var/log/web {\n weekly\n}\n' };
    expect(await kinds(largeLogs, sized('/var/log/nginx/access.log', 300 * MiB, rule))).toEqual(['info']);
    expect(await kinds(largeLogs, sized('/var/log/nginx/access.log.1', 300 * MiB, rule))).toEqual(['info']);
    expect(await kinds(largeLogs, sized('/var/log/nginx/access.txt', 300 * MiB, rule))).toEqual(['warning']);
    const module = { '/root/.pm2/modules/pm2-logrotate/package.json': '{}' };
    expect(await kinds(largeLogs, sized(OUT, 300 * MiB, module))).toEqual(['info']);
  });

  it('sees growth between a record and now', async () => {
    const recording = { ...sized(OUT, 90 * MiB), nowMs: NOW };
    const before = (hours: number, bytes: number): DoctorSample => ({
      atMs: NOW - hours * HOUR,
      memoryAvailableBytes: 0,
      services: {},
      logs: { [OUT]: bytes },
    });
    expect(await look(largeLogs, recording, [before(1, 20 * MiB)])).toMatchObject([
      { severity: 'critical', data: { rate: '70 MiB' } },
    ]);
    expect(await look(largeLogs, recording, [before(10, 20 * MiB)])).toMatchObject([{ kind: 'ok' }]);
    expect(await look(largeLogs, recording, [before(72, 0)])).toMatchObject([{ kind: 'ok' }]);
  });

  it('says unknown of folders that only root may enter', async () => {
    const host = recordedHost(sized(OUT, 5 * MiB));
    const guarded = {
      ...host,
      list: async (path: string) =>
        path === '/root/.pm2/logs' ? ({ kind: 'unreadable', reason: 'EACCES' } as const) : host.list(path),
    };
    expect(await largeLogs.look(new Patient(guarded))).toMatchObject([
      { kind: 'unknown', data: { what: '/root/.pm2/logs' } },
    ]);
  });

  it('is told the sizes by earlier samples', async () => {
    const sample = await takeSample(new Patient(recordedHost(sized(OUT, 5 * MiB))));
    expect(sample.logs).toEqual({ [OUT]: 5 * MiB });
  });
});

describe('G4 deleted-files', () => {
  const open = (target: string, size: number | null, descriptor = '/proc/900/fd/7') =>
    server(
      [shop],
      { [descriptor]: '' },
      {
        links: { [descriptor]: target },
        commands: {
          [['stat', ...sizeArguments([descriptor])].join(' ')]:
            size === null ? null : `${size} ${descriptor}\n`,
        },
      },
    );

  it('is fine with small ones, and with files that are there', async () => {
    expect(await kinds(deletedFiles, open('/var/log/shop.log', 900 * MiB))).toEqual(['ok']);
    expect(await kinds(deletedFiles, open('/var/log/shop.log (deleted)', MiB))).toEqual(['ok']);
  });

  it('finds the room that a removed log still takes', async () => {
    expect(await look(deletedFiles, open('/var/log/shop.log (deleted)', 900 * MiB))).toMatchObject([
      {
        severity: 'warning',
        data: { size: '900 MiB', pid: 900 },
        fix: [{ lines: ['systemctl restart shop.service'] }],
      },
    ]);
  });

  it('leaves memory and temporary tables of databases alone', async () => {
    for (const path of ['/memfd:x (deleted)', '/tmp/ibXXXX (deleted)', '/dev/shm/x (deleted)'])
      expect(await kinds(deletedFiles, open(path, 900 * MiB))).toEqual(['ok']);
  });

  it('says unknown where sizes may not be asked', async () => {
    expect(await kinds(deletedFiles, open('/var/log/shop.log (deleted)', null))).toEqual(['unknown']);
  });
});

describe('G5 log-flood', () => {
  const LOG = '/var/log/shop/app.log';
  const line = (level: number) => `{"level":${level},"msg":"something happened to an order of somebody"}\n`;

  it('is fine with a calm log', async () => {
    expect(await kinds(logFlood, { files: { [LOG]: line(30).repeat(200) } })).toEqual(['ok']);
  });

  it('finds a log that is mostly for debugging', async () => {
    expect(
      await look(logFlood, { files: { [LOG]: line(20).repeat(100) + line(30).repeat(100) } }),
    ).toMatchObject([{ severity: 'warning', data: { source: LOG, share: 50 } }]);
  });

  it('counts lines between two looks', async () => {
    let bytes = 0;
    const host = recordedHost({ files: { [LOG]: line(30).repeat(100) } });
    const growing = {
      ...host,
      stat: async (path: string) => {
        const facts = await host.stat(path);
        if (path !== LOG || facts.kind !== 'value') return facts;
        bytes += 300 * line(30).length;
        return { ...facts, value: { ...facts.value, bytes } };
      },
      run: host.run,
    };
    const found = await logFlood.look(
      new Patient({
        ...growing,
        run: async () => ({
          kind: 'value',
          value: { stdout: `cut\n${line(30).repeat(100)}`, stderr: '', code: 0 },
        }),
      }),
    );
    expect(found).toMatchObject([{ severity: 'warning', data: { rate: 300 } }]);
  });

  it('counts lines in the journal, by who says them', async () => {
    const entries = Array.from(
      { length: 2_400 },
      (_, at) => `${(1_777_593_600 + at / 200).toFixed(6)} box node[900]: order ${at}\n`,
    );
    const commands = { [['journalctl', ...JOURNAL_RATE_ARGUMENTS].join(' ')]: entries.join('') };
    expect(await look(logFlood, { commands })).toMatchObject([
      { severity: 'warning', data: { source: 'node (journal)', rate: 200 } },
    ]);
  });

  it('says unknown of a log that may not be read, and nothing where there is none', async () => {
    expect(await kinds(logFlood, { files: { [LOG]: null } })).toEqual(['unknown']);
    const large = { files: { [LOG]: '' }, facts: { [LOG]: { bytes: 10 * MiB } } };
    const commands = { [['tail', ...logEndArguments(LOG, 65_536)].join(' ')]: null };
    expect(await kinds(logFlood, { ...large, commands })).toEqual(['unknown']);
    expect(await kinds(logFlood, {})).toEqual(['not-applicable']);
  });
});

describe('G6 clock', () => {
  const chrony = (offset: string, leap = 'Normal'): HostRecording => ({
    commands: {
      'chronyc -n tracking': `Reference ID    : CB00710F (203.0.113.15)\nStratum         : 3\nSystem time     : ${offset} seconds slow of NTP time\nLeap status     : ${leap}\n`,
    },
  });
  const timedatectl = (words: string): HostRecording => ({
    commands: { 'timedatectl status': `      Local time: Fri 2026-05-01 08:00:00 CST\n${words}\n` },
  });

  it.each([
    ['chrony is content', chrony('0.000006523'), ['ok']],
    ['chrony is two seconds away', chrony('2.100000000'), ['warning']],
    ['chrony is a minute away', chrony('61.000000000'), ['critical']],
    ['chrony has no server', chrony('0.000000000', 'Not synchronised'), ['warning']],
    ['systemd 252 is content', timedatectl('System clock synchronized: yes'), ['ok']],
    ['systemd 219 is content', timedatectl('     NTP enabled: yes\nNTP synchronized: yes'), ['ok']],
    ['systemd is not', timedatectl('System clock synchronized: no'), ['warning']],
    ['nobody tells', {}, ['unknown']],
    ['nobody may tell', { commands: { 'timedatectl status': null } }, ['unknown']],
    ['it is the clock of the host', { files: { '/.dockerenv': '' } }, ['not-applicable']],
  ] satisfies readonly (readonly [string, HostRecording, readonly string[]])[])(
    '%s',
    async (_what, host, expected) => {
      expect(await kinds(clockRight, host)).toEqual(expected);
    },
  );
});

describe('G7 backup-age', () => {
  const prod = { ...shop, environment: { MAQUE_ENV: 'prod' } };
  const backup = (name: string) => ({
    '/srv/shop/data/maque.db': '',
    [`/srv/shop/data/backups/${name}/backup.json`]: '{}',
  });
  const database: RecordedProcess = { pid: 50, executable: '/usr/sbin/mariadbd' };
  const dump = (path: string, hours: number, bytes = 1_000): HostRecording =>
    server([database], { [path]: '' }, { facts: { [path]: { modifiedAtMs: NOW - hours * HOUR, bytes } } });

  it('reads the age of a backup of Maque from its name', async () => {
    expect(await kinds(backupAge, server([prod], backup('2026-04-30T030000.000Z')))).toEqual(['ok']);
    expect(await look(backupAge, server([prod], backup('2026-04-27T030000.000Z')))).toMatchObject([
      { severity: 'warning', data: { folder: '/srv/shop/data', age: '3.9 d' } },
    ]);
    expect(await kinds(backupAge, server([prod], { '/srv/shop/data/maque.db': '' }))).toEqual(['warning']);
  });

  it('finds the data folder that an app was told of', async () => {
    const told = { ...shop, environment: { MAQUE_ENV: 'prod', MAQUE_DATA_DIR: 'store' } };
    expect(await look(backupAge, server([told], { '/srv/shop/store/maque.db': '' }))).toMatchObject([
      { severity: 'warning', data: { folder: '/srv/shop/store' } },
    ]);
  });

  it('does not take what it cannot see for missing', async () => {
    const store = { ...shop, environment: { MAQUE_ENV: 'prod', MAQUE_BACKUP_TO: 'store' } };
    expect(await kinds(backupAge, server([store], { '/srv/shop/data/maque.db': '' }))).toEqual(['unknown']);
    const hidden = server([shop], {}, { links: { '/proc/900/cwd': null } });
    expect(await kinds(backupAge, hidden)).toEqual(['unknown']);
  });

  it('asks nothing of a laptop, and of a box without data', async () => {
    expect(await kinds(backupAge, server([shop], { '/srv/shop/data/maque.db': '' }))).toEqual([
      'not-applicable',
    ]);
    expect(await kinds(backupAge, server([shop]))).toEqual(['not-applicable']);
  });

  it.each([
    ['a dump of tonight', dump('/var/backups/mysql/all-2026-05-01.sql.gz', 5), ['ok']],
    [
      'one of the BT panel',
      dump('/www/backup/database/mysql/crontab_backup/shop/db_shop.sql.gz', 30),
      ['ok'],
    ],
    ['an old one', dump('/www/backup/database/shop.sql.gz', 90), ['warning']],
    ['an empty one', dump('/backup/shop.sql', 5, 0), ['warning']],
    ['only lists of packages', dump('/var/backups/dpkg.status.1.gz', 5), ['warning']],
    ['none', server([database]), ['warning']],
  ])('of a database: %s', async (_what, host, expected) => {
    expect(await kinds(backupAge, host)).toEqual(expected);
  });
});

describe('G8 unbounded-logs', () => {
  const writing = (path: string, bytes: number, files: HostRecording['files'] = {}) =>
    server(
      [shop],
      { [path]: '', '/proc/900/fd/5': '', ...files },
      {
        links: { '/proc/900/fd/5': path },
        facts: { [path]: { bytes } },
      },
    );
  const LOG = '/srv/shop/app.log';

  it.each([
    ['a log of a logger that ends nothing', writing(LOG, 5 * MiB), ['warning']],
    ['a young one', writing(LOG, 5_000), ['ok']],
    ['one with a rule', writing(LOG, 5 * MiB, { '/etc/logrotate.d/shop': `"${LOG}" {\n}\n` }), ['ok']],
    ['one whose logger begins new ones', writing('/srv/shop/app-2026-05-01.log', 5 * MiB), ['ok']],
    ['one with older ones beside it', writing(LOG, 5 * MiB, { '/srv/shop/app.1.log': '' }), ['ok']],
    ['a log of PM2, however small', { files: { '/root/.pm2/logs/shop-out.log': 'x' } }, ['warning']],
    ['a large one, which is told elsewhere', writing(LOG, 500 * MiB), ['ok']],
  ] satisfies readonly (readonly [string, HostRecording, readonly string[]])[])(
    '%s',
    async (_what, host, expected) => {
      expect(await kinds(unboundedLogs, host)).toEqual(expected);
    },
  );

  it('says unknown where it may not see what is open', async () => {
    const host = recordedHost(server([shop], { '/proc/900/fd/5': '' }));
    const guarded = {
      ...host,
      list: async (path: string) =>
        path === '/proc/900/fd' ? ({ kind: 'unreadable', reason: 'EACCES' } as const) : host.list(path),
    };
    expect(await unboundedLogs.look(new Patient(guarded))).toMatchObject([{ kind: 'unknown' }]);
    expect(await deletedFiles.look(new Patient(guarded))).toMatchObject([{ kind: 'unknown' }]);
  });
});

describe('G9 debug-level', () => {
  const told = (environment: Readonly<Record<string, string>>, commandLine = ['node', 'app.js']) =>
    server([{ ...shop, environment, commandLine }]);

  it.each([
    [{ LOG_LEVEL: 'info', DEBUG: '' }, 'ok'],
    [{ LOG_LEVEL: 'debug' }, 'warning'],
    [{ MAQUE_LOG_LEVEL: 'trace' }, 'warning'],
    [{ DEBUG: 'express:*' }, 'warning'],
    [{ DEBUG: 'False' }, 'ok'],
    [{ LOG_LEVEL: 'debug', NODE_ENV: 'development' }, 'not-applicable'],
  ])('%j: %s', async (environment, expected) => {
    expect(await kinds(debugLevel, told(environment as Readonly<Record<string, string>>))).toEqual([
      expected,
    ]);
  });

  it('reads command lines', async () => {
    expect(
      await kinds(debugLevel, told({}, ['java', '-jar', 'x.jar', '--logging.level.root=DEBUG'])),
    ).toEqual(['warning']);
  });

  it('finds it in nginx and in the database', async () => {
    const nginx: RecordedProcess = { pid: 80, executable: '/usr/sbin/nginx' };
    const database: RecordedProcess = { pid: 50, executable: '/usr/sbin/mariadbd' };
    const files = {
      '/etc/nginx/nginx.conf': 'error_log /var/log/nginx/error.log debug;\n',
      '/etc/my.cnf': '[mysqld]\ngeneral_log = 1\n',
    };
    expect(await look(debugLevel, server([nginx, database], files))).toMatchObject([
      { severity: 'warning', evidence: '/etc/nginx/nginx.conf:1: error_log /var/log/nginx/error.log debug' },
      { severity: 'warning', evidence: '/etc/my.cnf: general_log=1' },
    ]);
  });

  it('says unknown where environments may not be read', async () => {
    const recording = told({});
    const files = { ...recording.files, '/proc/900/environ': null };
    expect(await kinds(debugLevel, { ...recording, files })).toEqual(['unknown']);
  });
});

describe('G10 secrets-readable', () => {
  const withFile = (path: string, text: string, mode: number, more: HostRecording['facts'] = {}) =>
    server([shop], { [path]: text }, { facts: { [path]: { mode }, ...more } });
  const ENV = '/srv/shop/.env';

  it.each([
    ['a password for all to read', withFile(ENV, 'PORT=8080\nDB_PASSWORD=hush-hush\n', 0o644), ['warning']],
    ['one for its owner alone', withFile(ENV, 'DB_PASSWORD=hush-hush\n', 0o600), ['ok']],
    ['a file without a secret', withFile(ENV, 'PORT=8080\n# DB_PASSWORD=hush-hush\n', 0o644), ['ok']],
    ['an example', withFile(ENV, 'DB_PASSWORD=your-password\nSECRET=\nAPI_KEY=$KEY\n', 0o644), ['ok']],
    [
      'a key',
      withFile('/srv/shop/cert/apiclient_key.pem', '-----BEGIN PRIVATE KEY-----\nhush', 0o644),
      ['warning'],
    ],
    [
      'a certificate',
      withFile('/srv/shop/cert/apiclient_cert.pem', '-----BEGIN CERTIFICATE-----\n', 0o644),
      ['ok'],
    ],
    [
      'code that asks for one',
      withFile('/srv/shop/config/db.js', 'password: process.env.DB_PASSWORD,', 0o644),
      ['ok'],
    ],
    ['JSON', withFile('/srv/shop/config.json', '{"wechat":{"appSecret":"hush-hush"}}', 0o644), ['warning']],
    ['Redis', withFile('/etc/redis/redis.conf', 'requirepass hush-hush\n', 0o644), ['warning']],
    [
      'a unit',
      withFile('/etc/systemd/system/shop.service', '[Service]\nEnvironment=DB_PASSWORD=hush-hush\n', 0o644),
      ['warning'],
    ],
    ['an address', withFile(ENV, 'DATABASE_URL=mysql://shop:hush-hush@127.0.0.1/shop\n', 0o644), ['warning']],
    ['an address without one', withFile(ENV, 'REDIS_URL=redis://127.0.0.1:6379/0\n', 0o644), ['ok']],
    ['the data of the app', withFile('/srv/shop/data/maque.db', '', 0o644), ['warning']],
    [
      'a folder that nobody may enter',
      withFile(ENV, 'DB_PASSWORD=hush-hush\n', 0o644, { '/srv/shop': { kind: 'folder', mode: 0o700 } }),
      ['ok'],
    ],
  ] satisfies readonly (readonly [string, HostRecording, readonly string[]])[])(
    '%s',
    async (_what, host, expected) => {
      const outcomes = await look(secretsReadable, host);
      expect(outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind))).toEqual(expected);
      expect(JSON.stringify(outcomes)).not.toContain('hush');
    },
  );

  it('names the secret, and how to close the file', async () => {
    expect(await look(secretsReadable, withFile(ENV, 'DB_PASSWORD=hush-hush\n', 0o644))).toMatchObject([
      { data: { path: ENV, what: 'DB_PASSWORD' }, fix: [{ lines: [`chmod 600 '${ENV}'`] }] },
    ]);
  });

  it('says unknown where folders of apps may not be seen', async () => {
    expect(await kinds(secretsReadable, server([shop], {}, { links: { '/proc/900/cwd': null } }))).toEqual([
      'unknown',
    ]);
  });
});
