import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fittingPlans, shopRequest } from '../../../testing/plan-requests.ts';
import { exposureOf, verifyUnits, writeUnits } from '../../../testing/verify-units.ts';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import type { PlanRequest } from '../../plan/box/box-request.ts';
import { planBox } from '../../plan/box/plan-box.ts';
import { leastMaqueBytes } from '../../plan/box/services/maque.ts';
import { renderErrors } from '../render-errors.ts';
import { renderOptions } from '../render-options.ts';
import type { RenderedFile } from '../rendered-file.ts';
import { backup } from './backup.ts';
import { swap } from './swap.ts';
import { systemd } from './systemd.ts';

const PLANS = 240;
const PLANS_A_CALL = 60;

function planned(request: PlanRequest = shopRequest()): BoxPlan {
  const plan = planBox(request);
  if (!plan.fits) throw new Error('the usual shop does not fit');
  return plan;
}

/** The plan with names that no other plan has, so that many stand in one folder. */
function renamed(plan: BoxPlan, prefix: string): BoxPlan {
  const services = plan.services.map((service) => ({
    ...service,
    request: { ...service.request, name: `${prefix}-${service.request.name}` },
  })) as BoxPlan['services'];
  return { ...plan, services };
}

function unit(files: readonly RenderedFile[], name: string): string {
  const file = files.find(({ path }) => path === `/etc/systemd/system/${name}`);
  if (file === undefined) throw new Error(`no ${name} among ${files.map(({ path }) => path)}`);
  return file.content;
}

it('makes units that systemd understands, of any plan', async () => {
  const plans = fc.sample(fittingPlans(), PLANS);
  for (let from = 0; from < plans.length; from += PLANS_A_CALL) {
    await using folder = await tempFolder();
    const files = plans.slice(from, from + PLANS_A_CALL).flatMap((plan, index) => {
      const app = `app${from + index}`;
      const options = renderOptions({ app, language: index % 2 === 0 ? 'en' : 'zh-CN' });
      return [systemd, swap, backup].flatMap((target) => target.render(renamed(plan, app), options));
    });
    const units = writeUnits(folder.path, files);
    expect(units.length).toBeGreaterThan(PLANS_A_CALL);
    expect(verifyUnits(folder.path, units)).toBe('');
  }
});

it('notices what systemd would not understand', async () => {
  await using folder = await tempFolder();
  const files = systemd.render(planned(), renderOptions()).map((file) => ({
    ...file,
    content: file.content
      .replace('MemoryMax=', 'MemoryMaks=')
      .replace('Persistent=false', 'Persistent=maybe'),
  }));
  const told = verifyUnits(folder.path, writeUnits(folder.path, files));
  expect(told).toMatch(/shop\.service:\d+: Unknown key 'MemoryMaks'/);
  expect(told).toMatch(/zz-maque-night\.conf:\d+: Failed to parse/);
});

it('leaves services little to do harm with', async () => {
  await using folder = await tempFolder();
  const { box, load } = shopRequest();
  const request: PlanRequest = {
    box: { ...box, memoryBytes: 4096 * MiB },
    load,
    services: [
      { kind: 'maque', name: 'shop' },
      { kind: 'node', name: 'chat' },
      { kind: 'node', name: 'alone', keptBy: 'systemd' },
      { kind: 'java', name: 'report', framework: 'spring-boot' },
      { kind: 'python', name: 'faces', server: 'gunicorn' },
      { kind: 'python', name: 'words', server: 'uvicorn' },
      { kind: 'mariadb', name: 'mariadb' },
    ],
  };
  const files = [systemd, backup].flatMap((target) => target.render(planned(request), renderOptions()));
  writeUnits(folder.path, files);
  const exposures = ['shop', 'chat', 'alone', 'report', 'faces', 'words', 'shop-backup', 'shop-dump'].map(
    (name) => [name, exposureOf(join(folder.path, `${name}.service`))],
  );
  // Below 2 systemd itself says OK and smiles; a service without any of this has 9.6.
  expect(Object.fromEntries(exposures)).toEqual({
    shop: 1.8,
    chat: 1.8,
    alone: 1.6,
    report: 1.6,
    faces: 1.6,
    words: 1.6,
    'shop-backup': 1.5,
    'shop-dump': 1.4,
  });
});

it('gives each service its part of the plan, and all of them together a wall', () => {
  const plan = planned();
  const files = systemd.render(plan, renderOptions());
  const shop = plan.services.find(({ kind }) => kind === 'maque');
  const text = unit(files, 'shop.service');
  expect(text).toContain(`\nMemoryMax=${shop?.memoryMaxBytes}\n`);
  expect(text).toContain(`\nMemoryHigh=${shop?.memoryHighBytes}\n`);
  expect(text).toContain(`--memory ${shop?.budgetBytes} `);
  expect(text).toContain('\nWatchdogSec=30\n');
  expect(text).toContain('\nOOMPolicy=continue\n');
  expect(unit(files, 'apps.slice')).toContain(`\nMemoryMax=${shop?.memoryMaxBytes}\n`);
  expect(unit(files, 'mariadb.service.d/40-maque-slice.conf')).toContain('Slice=databases.slice');
});

it('watches only over those who report', () => {
  const { box, load } = shopRequest();
  const services = [
    { kind: 'java', name: 'report', framework: 'plain' },
    { kind: 'python', name: 'faces', server: 'gunicorn' },
    { kind: 'node', name: 'alone', keptBy: 'systemd' },
    { kind: 'node', name: 'old', keptBy: 'pm2' },
  ] as const;
  const files = systemd.render(planned({ box, load, services }), renderOptions());
  expect(files.filter(({ content }) => content.includes('WatchdogSec'))).toEqual([]);
  expect(files.some(({ path }) => path.endsWith('/old.service'))).toBe(false);
  expect(unit(files, 'pm2-shop.service.d/50-maque-limits.conf')).toContain('OOMPolicy=continue');
  expect(unit(files, 'pm2-shop.service.d/50-maque-limits.conf')).toContain('PM2_WORKER_INTERVAL=5000');
});

it('makes a template for other environments, each with its share of the plan', async () => {
  const { box, load } = shopRequest();
  const services = [
    { kind: 'maque', name: 'shop', workers: 1 },
    { kind: 'maque', name: 'staging', workers: 1 },
  ] as const;
  const plan = planned({ box, load, services });
  const files = systemd.render(plan, renderOptions({ environments: ['staging'] }));
  const template = unit(files, 'shop@.service');
  expect(template).toContain('--env %i --data-dir /var/lib/shop-%i');
  expect(template).toContain('EnvironmentFile=-/etc/maque/shop-%i.env');
  const staging = plan.services.find(({ request }) => request.name === 'staging');
  const numbers = unit(files, 'shop@staging.service.d/50-maque-numbers.conf');
  expect(numbers).toContain(`MAQUE_MEMORY=${staging?.budgetBytes}`);
  expect(numbers).toContain(`MemoryMax=${staging?.memoryMaxBytes}`);
  expect(files.some(({ path }) => path.endsWith('/staging.service'))).toBe(false);

  await using folder = await tempFolder();
  expect(verifyUnits(folder.path, writeUnits(folder.path, files))).toBe('');
});

it('has a worker less in an environment where the simulator has no room beside all of them', () => {
  const { box, load } = shopRequest();
  const staging = {
    kind: 'maque',
    name: 'staging',
    workers: 2,
    server: { bodyLimitBytes: 2 * MiB },
  } as const;
  const services = [
    { kind: 'maque', name: 'shop', workers: 1 },
    { ...staging, memoryBytes: leastMaqueBytes(staging) },
  ] as const;
  const files = systemd.render(
    planned({ box, load, services }),
    renderOptions({ environments: ['staging'] }),
  );
  const numbers = unit(files, 'shop@staging.service.d/50-maque-numbers.conf');
  expect(numbers).toContain('\nEnvironment=MAQUE_WORKERS=1\n');
  expect(numbers).toContain(`\nEnvironment=MAQUE_BODY_LIMIT=${2 * MiB}\n`);
});

it('refuses an environment that nobody planned and that the rest has no room for', () => {
  const render = () => systemd.render(planned(), renderOptions({ environments: ['staging'] }));
  expect(render).toThrow(
    expect.objectContaining({ code: renderErrors.RENDER_ENVIRONMENTS_DO_NOT_FIT().code }),
  );
});

it('tells Maque to believe nginx where there is one, and nobody else', () => {
  const { box, load } = shopRequest();
  const trusts = (services: PlanRequest['services']) =>
    unit(systemd.render(planned({ box, load, services }), renderOptions()), 'shop.service').includes(
      '\nEnvironment=MAQUE_TRUSTED_PROXY=127.0.0.1\n',
    );
  const maque = { kind: 'maque', name: 'shop' } as const;
  expect(trusts([maque, { kind: 'nginx', name: 'nginx' }])).toBe(true);
  expect(trusts([maque])).toBe(false);
});

it('adds no score to the unit of sshd: what is started from a login would inherit it', () => {
  const paths = systemd.render(planned(), renderOptions()).map(({ path }) => path);
  expect(paths.filter((path) => path.includes('/ssh'))).toEqual([]);
});

it('makes swap before a /tmp in memory, without a circle', async () => {
  await using folder = await tempFolder();
  const units = writeUnits(folder.path, swap.render(planned(), renderOptions()));
  const wants = join(folder.path, 'swap.target.wants');
  await mkdir(wants);
  await symlink('../swapfile.swap', join(wants, 'swapfile.swap'));
  // As systemd has it in tmp.mount, and makes it of a line in fstab.
  const tmp = join(folder.path, 'tmp.mount');
  await writeFile(tmp, '[Mount]\nWhat=tmpfs\nWhere=/tmp\nType=tmpfs\n');
  await mkdir(join(folder.path, 'local-fs.target.wants'));
  await symlink('../tmp.mount', join(folder.path, 'local-fs.target.wants/tmp.mount'));
  expect(verifyUnits(folder.path, [...units, tmp, 'default.target'])).toBe('');
});
