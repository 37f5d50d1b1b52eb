import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { localHost } from './local-host.ts';

it('reads files, also those of /proc that say they are empty', async () => {
  const host = localHost(systemClock);
  expect(await host.read('/proc/meminfo')).toMatchObject({
    kind: 'value',
    value: expect.stringContaining('MemTotal'),
  });
  expect(await host.read('/nowhere/at/all')).toEqual({ kind: 'absent' });
  expect(await host.read('/proc')).toMatchObject({ kind: 'unreadable', reason: 'EISDIR' });
});

it('does not wait for a pipe that stands where a file should be', async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, '.env');
  const host = localHost(systemClock);
  await host.run('mkfifo', [path]);
  expect(await host.read(path)).toEqual({ kind: 'value', value: '' });
});

it('runs a program with a plain locale, and knows what is not there and what takes too long', async () => {
  const host = localHost(systemClock);
  expect(await host.run('sh', ['-c', 'echo $LC_ALL; exit 3'])).toEqual({
    kind: 'value',
    value: { stdout: 'C\n', stderr: '', code: 3 },
  });
  expect(await host.run('no-such-program', [])).toEqual({ kind: 'absent' });
  expect(await host.run('sleep', ['5'], { timeoutMs: 50 })).toMatchObject({ kind: 'unreadable' });
});

it('stays inside a copy of a tree, whatever its links say', async () => {
  await using folder = await tempFolder();
  const root = folder.path;
  await mkdir(join(root, 'etc/real'), { recursive: true });
  await writeFile(join(root, 'etc/hostname'), 'shop-1\n');
  await symlink('/etc', join(root, 'absolute'));
  await symlink('../../../../../../etc', join(root, 'etc/above'));
  await symlink('around', join(root, 'etc/around'));
  const host = localHost(systemClock, { root });
  for (const path of ['/etc/hostname', '/absolute/hostname', '/etc/above/hostname', '/../etc/hostname'])
    expect(await host.read(path)).toEqual({ kind: 'value', value: 'shop-1\n' });
  expect(await host.read('/etc/passwd')).toEqual({ kind: 'absent' });
  expect(await host.read('/absolute/passwd')).toEqual({ kind: 'absent' });
  expect(await host.read('/etc/around')).toMatchObject({ kind: 'unreadable', reason: 'ELOOP' });
  expect(await host.follow('/absolute')).toEqual({ kind: 'value', value: '/etc' });
  expect(await host.stat('/absolute')).toMatchObject({ value: { kind: 'link' } });
  expect(await host.list('/etc/above')).toMatchObject({
    value: expect.arrayContaining(['hostname', 'real']),
  });
});

it('runs nothing for a copy of a tree', async () => {
  const host = localHost(systemClock, { root: '/var' });
  expect(await host.run('true', [])).toMatchObject({ kind: 'unreadable' });
  expect(await host.space('/')).toMatchObject({ kind: 'unreadable' });
});
