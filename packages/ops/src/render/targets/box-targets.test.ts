import { spawnSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GiB, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingPlans, shopRequest } from '../../../testing/plan-requests.ts';
import { unexplainedNumbers, unusedMeanings } from '../../../testing/remarks.ts';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import type { BoxRequest, PlanRequest } from '../../plan/box/box-request.ts';
import { planBox } from '../../plan/box/plan-box.ts';
import { renderOptions } from '../render-options.ts';
import { backup } from './backup.ts';
import { journald } from './journald.ts';
import { logrotate } from './logrotate.ts';
import { swap } from './swap.ts';
import { sysctl } from './sysctl.ts';
import { systemd } from './systemd.ts';

const targets = [systemd, sysctl, swap, journald, logrotate, backup];
const PLANS = 200;
/** Modes, exit codes, units of time of a name, and what shells and systemd have in their grammar. */
const PLAIN =
  /^(UMask|StateDirectoryMode|LogsDirectoryMode|RestartPreventExitStatus|SuccessExitStatus|NUMBER|d \/var|newest=|last=|wanted=|free=|\[|umask|name=|ls -1|gzip|dump=|ExecStart=\/bin\/chmod|ExecStart=-?\/usr\/bin\/truncate|ExecStart=\/sbin\/modprobe|dateformat)/;

function planned(request: PlanRequest): BoxPlan {
  const plan = planBox(request);
  if (!plan.fits) throw new Error('does not fit');
  return plan;
}

const onBox = (box: Partial<BoxRequest>): BoxPlan => {
  const request = shopRequest();
  return planned({ ...request, box: { ...request.box, ...box } });
};

describe('every number', () => {
  const plans = [...fc.sample(fittingPlans(), PLANS), onBox({ diskBytes: 2 * GiB })];
  const options = renderOptions({ user: 'daemon' });

  it.each(targets)('of $name has a remark, and every meaning a number', (target) => {
    const files = plans.flatMap((plan) => target.render(plan, options));
    expect([...new Set(unexplainedNumbers(files, PLAIN))]).toEqual([]);
    const environments = ['staging'] as const;
    const { load } = shopRequest();
    const services = [
      { kind: 'maque', name: 'shop', workers: 1 },
      { kind: 'maque', name: 'staging', workers: 1 },
    ] as const;
    const staged = planned({ box: onBox({}).request.box, load, services });
    const more = target.render(staged, renderOptions({ environments }));
    expect(unusedMeanings(target, [...files, ...more])).toEqual([]);
  });
});

it('keeps the kernel settings that sysctl takes, and those that the doctor wants', async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, 'maque.conf');
  const [settings] = sysctl.render(onBox({}), renderOptions());
  await writeFile(file, settings?.content ?? '');
  const { stdout, stderr } = spawnSync('sysctl', ['--dry-run', '-p', file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toContain('vm.overcommit_memory = 1\n');
  expect(stdout).toContain('vm.swappiness = 10\n');
  expect(stdout.trim().split('\n')).toHaveLength(14);
});

it('chooses swap by memory and disk, and leaves alone what is there', () => {
  const swapOf = (box: Partial<BoxRequest>) =>
    swap
      .render(onBox(box), renderOptions())
      .map(({ path, content }) => [
        path.split('/').at(-1),
        /count=(\d+)|--size (\d+)/.exec(content)?.slice(1).find(Boolean),
      ]);
  expect(swapOf({})).toEqual([
    ['maque-swapfile.service', '1024'],
    ['swapfile.swap', undefined],
  ]);
  expect(swapOf({ memoryBytes: 3500 * MiB })[0]).toEqual(['maque-swapfile.service', '1750']);
  expect(swapOf({ diskBytes: 8 * GiB })[0]).toEqual(['maque-swapfile.service', '819']);
  expect(swapOf({ diskBytes: 4 * GiB })).toEqual([['maque-zram.service', String(735 * MiB)]]);
  expect(swapOf({ swapBytes: GiB })).toEqual([]);
  expect(swapOf({ memoryBytes: 8 * GiB })).toEqual([]);
  expect(swapOf({ bound: 'cgroup-v2' })).toEqual([]);
});

it('makes rules that logrotate takes, of any plan', async () => {
  await using folder = await tempFolder();
  // Rules say as whom logrotate looks into a folder.
  await chmod(folder.path, 0o755);
  const rules = fc
    .sample(fittingPlans(), PLANS)
    .flatMap((plan, index) => logrotate.render(plan, renderOptions({ app: `app${index}`, user: 'daemon' })))
    .filter(({ path }) => path.startsWith('/etc/logrotate.d/'))
    .map(({ content }, index) =>
      content.replace(/(?<=^|\s)\/(?=(var|srv|home)\/)/gm, `${folder.path}/${index}/`),
    );
  expect(rules.length).toBeGreaterThan(PLANS / 4);
  const file = join(folder.path, 'all');
  await writeFile(file, rules.join('\n'));
  await chmod(file, 0o644);
  const state = join(folder.path, 'state');
  const { stderr } = spawnSync('logrotate', ['-d', '-s', state, file], { encoding: 'utf8' });
  expect(stderr.match(/^rotating pattern/gm)).toHaveLength(rules.length);
  // One pattern for each path, of which some plans have several in a rule.
  expect(stderr).not.toMatch(/error|unknown|duplicate/i);
});

describe('the backup of a database', () => {
  async function backupBox(dump: string) {
    const folder = await tempFolder();
    const [script] = backup
      .render(onBox({}), renderOptions())
      .filter(({ path }) => path.endsWith('/shop-dump'));
    const place = join(folder.path, 'backups');
    const bin = join(folder.path, 'bin');
    await mkdir(place);
    await mkdir(bin);
    await writeFile(join(bin, 'mariadb-dump'), `#!/bin/sh\n${dump}\n`, { mode: 0o755 });
    const file = join(folder.path, 'backup');
    const text = (script?.content ?? '')
      .replaceAll('/var/backups/shop-dump', place)
      .replace('keep=14', 'keep=2');
    await writeFile(file, text, { mode: 0o755 });
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    const run = (more: Readonly<Record<string, string>> = {}) =>
      spawnSync('/bin/bash', [file], { encoding: 'utf8', env: { ...env, ...more } });
    const list = () =>
      spawnSync('ls', ['-1', place], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
    return { run, list, place, bin, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  }
  const whole = 'echo "$@" >&2; echo "CREATE TABLE t;"; echo "-- Dump completed on 2026-05-01"';

  it('is kept when it is whole, and lets the oldest go', async () => {
    await using box = await backupBox(whole);
    await writeFile(join(box.place, 'shop-20260101T010000Z.sql.gz.part'), 'what a killed one left');
    for (const day of ['20260101', '20260102'])
      await writeFile(join(box.place, `shop-${day}T030000Z.sql.gz`), day);
    spawnSync('touch', ['-d', '2026-01-01', join(box.place, 'shop-20260101T030000Z.sql.gz')]);
    spawnSync('touch', ['-d', '2026-01-02', join(box.place, 'shop-20260102T030000Z.sql.gz')]);
    const { status, stderr } = box.run();
    expect(status).toBe(0);
    expect(stderr).toContain('--defaults-extra-file=/etc/maque/shop-dump.cnf --single-transaction');
    expect(box.list()).toEqual([
      'shop-20260102T030000Z.sql.gz',
      expect.stringMatching(/^shop-.*Z\.sql\.gz$/),
    ]);
  });

  it('is thrown away when it was cut off or failed, and the old ones stay', async () => {
    for (const broken of ['echo "CREATE TABLE t;"', `${whole}; exit 3`]) {
      await using box = await backupBox(broken);
      await writeFile(join(box.place, 'shop-20260101T030000Z.sql.gz'), 'old');
      expect(box.run().status).not.toBe(0);
      expect(box.list()).toEqual(['shop-20260101T030000Z.sql.gz']);
    }
  });

  it('is not begun where the disk has no room', async () => {
    await using box = await backupBox(whole);
    await writeFile(join(box.bin, 'df'), '#!/bin/sh\necho Avail; echo 1000000\n', { mode: 0o755 });
    const { status, stderr } = box.run();
    expect([status, stderr]).toEqual([1, '1000000 bytes are free, 536870912 are wanted: no backup\n']);
    expect(box.list()).toEqual([]);
  });
});

it("is Maque's own where it keeps the data itself", () => {
  const { box, load } = shopRequest();
  const plan = planned({ box, load, services: [{ kind: 'maque', name: 'shop' }] });
  const files = backup.render(plan, renderOptions());
  const script = files.find(({ path }) => path.endsWith('/shop-backup'));
  expect(script?.content).toContain(
    'maque.js backup /srv/shop --env prod --data-dir /var/lib/shop --to /var/backups/shop-backup\n',
  );
  const unit = files.find(({ path }) => path.endsWith('.service'));
  expect(unit?.content).toContain('\nUser=shop\n');
  // Both folders in one place: else no file of one could have its second name in the other.
  expect(unit?.content).toContain('\nReadWritePaths=/var\n');
  expect(files.every(({ content }) => !content.includes('password'))).toBe(true);
});

it('is of both where Maque keeps its data beside a database, by accounts that systemd takes', () => {
  const files = backup.render(onBox({}), renderOptions({ app: 'a-shop-with-the-longest-name-x' }));
  const timers = files
    .filter(({ path }) => path.endsWith('.timer'))
    .map(({ path }) => path.split('/').at(-1));
  expect(timers).toEqual([
    'a-shop-with-the-longest-name-x-backup.timer',
    'a-shop-with-the-longest-name-x-dump.timer',
  ]);
  const accounts = files.flatMap(({ content }) => /^u (\S+)/m.exec(content)?.[1] ?? []);
  expect(accounts).toEqual(['a-shop-with-the-longest-na-dump']);
  expect(accounts[0]).toHaveLength(31);
});

it('looks at logs every hour, and lets nobody else read a new one', () => {
  const files = logrotate.render(onBox({}), renderOptions());
  const rule = files.find(({ path }) => path === '/etc/logrotate.d/nginx');
  expect(rule?.content).toMatch(/^ {4}create$/m);
  const timer = files.find(({ path }) => path.endsWith('/logrotate.timer.d/50-maque.conf'));
  expect(timer?.content).toMatch(/\nOnCalendar=\n.*\nOnCalendar=hourly\n/);
});
