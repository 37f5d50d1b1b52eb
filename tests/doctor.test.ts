import { chmod, lstat, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MiB, SECOND, systemClock } from '@maque/kit';
import { runMaque } from '@maque/testkit/process/start-maque';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { expect, it } from 'vitest';
import { pictureOf } from './picture-of-tree.ts';

async function doctor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using child = await runMaque(['doctor', ...args, '--lang', 'en'], { env });
  const { code } = await child.exit(30_000);
  return { code, out: child.stdout(), error: child.stderr() };
}

/** A copy of a server: short of memory, with a kernel that never swaps, and settings of somebody who has been there. */
async function sickTree() {
  const folder = await tempFolder();
  const files = {
    'proc/meminfo': 'MemTotal: 2000000 kB\nMemFree: 50000 kB\nMemAvailable: 100000 kB\n',
    'proc/swaps': 'Filename Type Size Used Priority\n/swapfile file 1048572 0 -2\n',
    'proc/sys/vm/swappiness': '0\n',
    'proc/10/status': 'Name:\tnode\nPPid:\t1\nUid:\t0\t0\t0\t0\nVmRSS:\t90000 kB\n',
    'proc/10/cmdline': 'node\0/srv/shop/server.js\0',
    'root/.pm2/logs/shop-out.log': 'a line\n',
    'etc/systemd/journald.conf': '[Journal]\n#SystemMaxUse=\n',
    'var/log/journal/1/system.journal': 'LPKSHHRH',
    'etc/sysctl.d/99-zz-maque.conf': '# by hand\nnet.core.somaxconn = 1024',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true });
    await writeFile(join(folder.path, name), text);
  }
  const settings = join(folder.path, 'etc/sysctl.d/99-zz-maque.conf');
  await chmod(settings, 0o640);
  await utimes(settings, 1_700_000_000, 1_700_000_000);
  return { root: folder.path, settings, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

it('examines this machine within 3 s and 80 MiB', async () => {
  await using folder = await tempFolder();
  const weight = join(folder.path, 'weight');
  const scales = join(folder.path, 'scales.cjs');
  await writeFile(
    scales,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(weight)}, String(process.resourceUsage().maxRSS)));`,
  );
  const before = systemClock.monotonic();
  const { code, out } = await doctor(['--json', '--state', folder.path], {
    NODE_OPTIONS: `--require ${scales}`,
  });
  const tookMs = systemClock.monotonic() - before;
  const report = JSON.parse(out);
  const peakBytes = Number(await readFile(weight, 'utf8')) * 1_024;
  process.stdout.write(
    `doctor: ${(tookMs / SECOND).toFixed(2)} s, ${(peakBytes / MiB).toFixed(1)} MiB, ${JSON.stringify(report.counts)}\n`,
  );
  expect(code).toBe({ fine: 0, findings: 1, critical: 2 }[report.verdict as 'fine']);
  expect(report.counts.ok).toBeGreaterThan(0);
  expect(tookMs).toBeLessThan(3 * SECOND);
  expect(peakBytes).toBeLessThan(80 * MiB);
});

it('mends a copied tree, and brings it back byte for byte', async () => {
  await using tree = await sickTree();
  const before = await pictureOf(tree.root);
  const found = await doctor(['--root', tree.root, '--only', 'A1,A5']);
  expect(found).toMatchObject({ code: 2, out: expect.stringContaining('vm.swappiness is 0') });
  expect(await pictureOf(tree.root)).toEqual(before);

  const mended = await doctor(['--root', tree.root, '--only', 'A5', '--fix', '--yes']);
  expect(mended.error).toContain('+vm.swappiness = 10');
  expect(mended.code).toBe(0);
  expect(await readFile(tree.settings, 'utf8')).toContain('net.core.somaxconn = 1024\nvm.swappiness = 10\n');
  expect((await lstat(tree.settings)).mode & 0o777).toBe(0o640);

  expect(await doctor(['--root', tree.root, '--undo'])).toMatchObject({
    code: 0,
    error: expect.stringContaining('as it was: /etc/sysctl.d/99-zz-maque.conf'),
  });
  expect(await pictureOf(tree.root)).toEqual(before);
  expect((await doctor(['--root', tree.root, '--undo'])).error).toContain('nothing to undo');
});

it('mends all that can be mended, and brings all of it back', async () => {
  await using tree = await sickTree();
  const before = await pictureOf(tree.root);
  const { error } = await doctor(['--root', tree.root, '--fix', '--yes']);
  const written = [...error.matchAll(/^written: (.*)$/gm)].map(([, path]) => path);
  expect(written).toEqual(
    expect.arrayContaining([
      '/etc/sysctl.d/99-zz-maque.conf',
      '/etc/systemd/journald.conf.d/99-zz-maque.conf',
      '/etc/logrotate.d/maque-logs',
    ]),
  );
  expect(await pictureOf(tree.root)).not.toEqual(before);
  expect(await doctor(['--root', tree.root, '--undo'])).toMatchObject({ code: 0 });
  expect(await pictureOf(tree.root)).toEqual(before);
});

it('changes nothing where nobody can be asked, and leaves alone what somebody changed since', async () => {
  await using tree = await sickTree();
  const before = await pictureOf(tree.root);
  const asked = await doctor(['--root', tree.root, '--only', 'A5', '--fix']);
  expect(asked).toMatchObject({ code: 1, error: expect.stringContaining('--yes') });
  expect(await pictureOf(tree.root)).toEqual(before);

  await doctor(['--root', tree.root, '--only', 'A5', '--fix', '--yes']);
  await writeFile(tree.settings, 'vm.swappiness = 30\n');
  const undone = await doctor(['--root', tree.root, '--undo']);
  expect(undone).toMatchObject({ code: 1, error: expect.stringContaining('changed since') });
  expect(await readFile(tree.settings, 'utf8')).toBe('vm.swappiness = 30\n');
});

it('keeps a sample a run', async () => {
  await using folder = await tempFolder();
  for (const _run of [1, 2]) await doctor(['--record', '--only', 'A1', '--state', folder.path]);
  const lines = (await readFile(join(folder.path, 'samples.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { memoryAvailableBytes: expect.any(Number) },
    { services: expect.any(Object) },
  ]);
});

it('says which check it does not know, and which it takes for meant', async () => {
  const { code, error } = await doctor(['--only', 'mem-availabel']);
  expect(code).toBe(1);
  expect(error).toContain('did you mean mem-available?');
  expect((await doctor(['--root', '/nowhere'])).error).toContain('There is no folder /nowhere');
});
