import { GiB, HOUR, MiB } from '@maque/kit';
import { describe, expect, it } from 'vitest';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import type { RecordedProcess } from '../../../testing/recorded-process.ts';
import { kinds, look, NOW, server, shop } from '../../../testing/shop-recordings.ts';
import { backupAge } from './backup-age.ts';
import { clockRight } from './clock.ts';
import { deletedFiles, sizeArguments } from './deleted-files.ts';
import { diskSpace } from './disk-space.ts';

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
