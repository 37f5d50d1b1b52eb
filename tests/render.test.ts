import { chmod, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { verifyUnits, writeUnits } from '../packages/ops/testing/verify-units.ts';
import { pictureOf } from './picture-of-tree.ts';

const BOX = ['--ram', '1960M', '--cores', '2', '--disk', '30G', '--program', 'shop'];
const SHOP = [...BOX, '--with', 'nginx,maque:workers=2,mariadb,redis', '--domain', 'api.tea-shop.cn'];

async function render(cwd: string, ...args: string[]) {
  await using child = await runMaque(['render', ...args, '--lang', 'en'], { cwd });
  const { code } = await child.exit(30_000);
  return { code, out: child.stdout(), error: child.stderr() };
}

interface File {
  readonly target: string;
  readonly path: string;
  readonly content: string;
  readonly mode: string;
  readonly belongsTo: string;
}

async function filesOf(cwd: string, ...args: string[]): Promise<readonly File[]> {
  const { out } = await render(cwd, ...args, '--json');
  return JSON.parse(out).files;
}

/** A server's files as packages and people left them. */
async function serverTree() {
  const folder = await tempFolder();
  const files: Readonly<Record<string, string>> = {
    'etc/nginx/nginx.conf': 'events {}\n',
    'etc/logrotate.d/nginx': '/var/log/nginx/*.log {\n\tdaily\n}\n',
    'etc/systemd/system/shop.service': '[Service]\nExecStart=/usr/bin/node /srv/shop/server.js',
    'usr/local/sbin/shop-backup': '#!/bin/sh\n',
    'etc/sysctl.d/99-sysctl.conf': 'vm.swappiness = 60\n',
  };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await utimes(path, 1_700_000_000, 1_700_000_000);
  }
  await chmod(join(folder.path, 'etc/nginx/nginx.conf'), 0o640);
  await chmod(join(folder.path, 'usr/local/sbin/shop-backup'), 0o700);
  await chmod(join(folder.path, 'etc/logrotate.d'), 0o750);
  return folder;
}

it('lists, prints, and writes a tree in which nothing is overwritten in silence', async () => {
  await using folder = await tempFolder();
  const list = await render(folder.path, ...SHOP);
  expect(list).toMatchObject({ code: 0, out: expect.stringContaining('/etc/systemd/system/shop.service') });
  const printed = await render(folder.path, 'journald', ...SHOP);
  expect(printed.out).toContain('\n[Journal]\n# journald.SystemMaxUse = 0.01 × 30720 MiB');

  const files = await filesOf(folder.path, ...SHOP);
  const first = await render(folder.path, ...SHOP, '--out', 'tree');
  expect(first.code).toBe(0);
  expect(first.out.match(/^new /gm)).toHaveLength(files.length);
  expect(first.error).toContain('  docker compose up -d');
  expect(first.error).not.toContain('systemctl');
  for (const { path, content, mode } of files) {
    const written = join(folder.path, 'tree', path);
    expect(await readFile(written, 'utf8')).toBe(content);
    expect((await stat(written)).mode & 0o777).toBe(Number.parseInt(mode, 8));
  }
  const again = await render(folder.path, ...SHOP, '--out', 'tree');
  expect(again.out.match(/^the same /gm)).toHaveLength(files.length);

  const own = join(folder.path, 'tree/etc/sysctl.d/99-zz-maque-plan.conf');
  await writeFile(own, 'vm.swappiness = 30\n');
  const kept = await render(folder.path, 'sysctl', ...SHOP, '--out', 'tree');
  expect(kept).toMatchObject({ code: 1, error: expect.stringContaining('--force') });
  expect(kept.out).toContain('  -vm.swappiness = 30\n');
  expect(await readFile(own, 'utf8')).toBe('vm.swappiness = 30\n');
  const forced = await render(folder.path, 'sysctl', ...SHOP, '--out', 'tree', '--force');
  expect(forced).toMatchObject({ code: 0, out: expect.stringContaining('replaced') });
  expect(await readFile(own, 'utf8')).toContain('vm.swappiness = 10\n');
});

it('makes units that systemd understands', async () => {
  await using folder = await tempFolder();
  const files = await filesOf(folder.path, ...SHOP);
  const units = writeUnits(join(folder.path, 'units'), files as never);
  expect(units.length).toBeGreaterThan(10);
  expect(verifyUnits(join(folder.path, 'units'), units)).toBe('');
});

it('writes to a copied tree what belongs to a server, and brings it back byte for byte', async () => {
  await using tree = await serverTree();
  await using folder = await tempFolder();
  const before = await pictureOf(tree.path);
  const place = [...SHOP, '--root', tree.path];
  const asked = await render(folder.path, ...place, '--apply');
  expect(asked).toMatchObject({ code: 1, error: expect.stringContaining('--yes') });
  expect(await pictureOf(tree.path)).toEqual(before);

  const applied = await render(folder.path, ...place, '--apply', '--yes');
  expect(applied).toMatchObject({
    code: 0,
    error: expect.stringContaining('systemctl restart shop.service'),
  });
  expect(applied.error).toContain('  -ExecStart=/usr/bin/node /srv/shop/server.js\n');
  const files = await filesOf(folder.path, ...SHOP);
  for (const { path, content, belongsTo } of files) {
    const isHere = belongsTo === 'server' && path.startsWith('/');
    const written = readFile(join(tree.path, path), 'utf8').catch(() => null);
    expect(await written, path).toBe(isHere ? content : null);
  }
  const mode = async (path: string) => (await stat(join(tree.path, path))).mode & 0o777;
  expect(await mode('etc/nginx/nginx.conf')).toBe(0o640);
  expect(await mode('usr/local/sbin/shop-backup')).toBe(0o755);
  const again = await render(folder.path, ...place, '--apply', '--yes');
  expect(again).toMatchObject({ code: 0, error: expect.stringContaining('as planned') });

  // A second rendering on top of the first, with another plan.
  const other = await render(folder.path, ...place, '--apply', '--yes', '--disk', '4G');
  expect(other.error).toContain('written: /etc/systemd/system/maque-zram.service');
  expect(other.error).toMatch(/from an earlier rendering.*swapfile\.swap/);

  const undone = await render(folder.path, '--root', tree.path, '--undo');
  expect(undone).toMatchObject({
    code: 0,
    error: expect.stringContaining('as it was: /etc/nginx/nginx.conf'),
  });
  expect(await pictureOf(tree.path)).toEqual(before);
  expect((await render(folder.path, '--root', tree.path, '--undo')).error).toContain('nothing to undo');
});

it('leaves alone what somebody changed after it was written', async () => {
  await using tree = await serverTree();
  await using folder = await tempFolder();
  await render(folder.path, 'journald', 'sysctl', ...SHOP, '--root', tree.path, '--apply', '--yes');
  const own = join(tree.path, 'etc/sysctl.d/99-zz-maque-plan.conf');
  await writeFile(own, 'vm.swappiness = 30\n');
  const undone = await render(folder.path, '--root', tree.path, '--undo');
  expect(undone).toMatchObject({ code: 1, error: expect.stringContaining('changed since') });
  expect(await readFile(own, 'utf8')).toBe('vm.swappiness = 30\n');
  await rm(own);
});

it('writes nothing for the domain of an example, nor for a plan that does not fit', async () => {
  await using tree = await serverTree();
  await using folder = await tempFolder();
  const before = await pictureOf(tree.path);
  const apply = ['--root', tree.path, '--apply', '--yes'];
  const example = await render(folder.path, ...BOX, '--with', 'nginx,maque', ...apply);
  expect(example).toMatchObject({ code: 1, error: expect.stringContaining('--domain') });
  const tight = await render(folder.path, ...SHOP, '--with', 'maque,java:spring-boot:heap=4000M', ...apply);
  expect(tight).toMatchObject({ code: 2, error: expect.stringContaining('MiB') });
  const wrong = await render(folder.path, 'nginks', ...SHOP);
  expect(wrong).toMatchObject({ code: 1, error: expect.stringContaining('did you mean nginx?') });
  const bad = await render(folder.path, ...SHOP, '--name', 'x;reboot', '--port', '80');
  expect(bad.error.match(/^ {2}- --(name|port) /gm)).toHaveLength(2);
  expect(await pictureOf(tree.path)).toEqual(before);
});
