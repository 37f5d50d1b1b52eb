import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planOf, plansWith } from '../../../testing/app-plans.ts';
import { unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { writeBelow } from '../../../testing/written-files.ts';
import type { PlannedNode } from '../../plan/box/planned-service.ts';
import { renderOptions } from '../render-options.ts';
import { pm2 } from './pm2.ts';

const kept = { kind: 'node', name: 'pay', keptBy: 'pm2', workers: 2, oldSpaceMb: 256 } as const;

/** What PM2's own schema (lib/API/schema.json, 7.0) asks of the fields that are written; others it would not know. */
const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  name: (value) => typeof value === 'string',
  cwd: (value) => typeof value === 'string',
  script: (value) => typeof value === 'string',
  exec_mode: (value) => /^(cluster|fork)(_mode)?$/.test(String(value)),
  instances: Number.isInteger,
  node_args: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  max_memory_restart: (value) => /^\d+(G|M|K)?$/.test(String(value)),
  kill_timeout: Number.isInteger,
  listen_timeout: Number.isInteger,
  wait_ready: (value) => typeof value === 'boolean',
  exp_backoff_restart_delay: Number.isInteger,
  merge_logs: (value) => typeof value === 'boolean',
  env: (value) => typeof value === 'object' && value !== null,
};

interface Ecosystem {
  readonly apps: readonly { readonly [field: string]: unknown; readonly node_args: readonly string[] }[];
}

it('node loads the files of 200 plans, and PM2 knows each field in them', async () => {
  await using folder = await tempFolder();
  const require = createRequire(import.meta.url);
  const plans = fc.sample(fc.tuple(plansWith('node'), renderChoices()), 400);
  let rendered = 0;
  for (const [index, [plan, choices]] of plans.entries()) {
    const [path] = writeBelow(join(folder.path, String(index)), pm2.render(plan, choices));
    if (path === undefined) continue;
    rendered += 1;
    const { apps } = require(path) as Ecosystem;
    const planned = plan.services.filter(
      (service): service is PlannedNode => service.kind === 'node' && service.request.keptBy === 'pm2',
    );
    expect(apps).toHaveLength(planned.length);
    for (const [place, app] of apps.entries()) {
      for (const [field, value] of Object.entries(app))
        expect([field, CHECKS[field]?.(value)]).toEqual([field, true]);
      const { oldSpaceMb = 0, semiSpaceMb = 0, memoryMaxBytes = 0, workers = 0 } = planned[place] ?? {};
      const restartMb = Number.parseInt(String(app.max_memory_restart), 10);
      expect(restartMb).toBeGreaterThanOrEqual(oldSpaceMb + 3 * semiSpaceMb + 60);
      expect(restartMb * workers).toBeLessThanOrEqual(memoryMaxBytes / MiB + 36 * workers);
    }
  }
  expect(rendered).toBeGreaterThanOrEqual(100);
});

it('says how it is started, also with the machine', () => {
  const [file] = pm2.render(planOf(kept), renderOptions());
  const [, start = ''] = file?.next ?? [];
  expect(start).toBe('PM2_WORKER_INTERVAL=5000 pm2 start ecosystem.config.cjs');
  expect(file?.content).toContain(`// ${start}\n`);
  expect(file?.next).toEqual(expect.arrayContaining(['pm2 startup', 'pm2 save']));
});

it('has flags that Node takes', () => {
  const [file] = pm2.render(planOf(kept), renderOptions());
  const flags = [...(file?.content ?? '').matchAll(/'(--max-[\w-]+=\d+)'/g)].map(([, flag = '']) => flag);
  expect(flags).toEqual(['--max-old-space-size=256', '--max-semi-space-size=8']);
  const limit = 'v8.getHeapStatistics().heap_size_limit / 2 ** 20';
  const printed = execFileSync(process.execPath, [...flags, '-p', limit], { encoding: 'utf8' });
  expect(Number(printed)).toBe(256 + 3 * 8);
});

it('explains each of its numbers, and has no meaning too many', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const files = pm2.render(planOf(kept), renderOptions({ language }));
    const withHashes = files.map((file) => ({ ...file, content: file.content.replaceAll('// ', '# ') }));
    expect(unusedMeanings(pm2, withHashes)).toEqual([]);
    const lines = withHashes.flatMap(({ content }) => content.split('\n').map((line) => line.trim()));
    const unexplained = lines.filter(
      (line, index) => /^[\w']+.*[:=].*\d/.test(line) && !lines[index - 1]?.startsWith('# pm2.'),
    );
    expect(unexplained).toEqual(["HOST: '127.0.0.1',"]);
  }
});

it('has nothing for programs that others keep', () => {
  expect(pm2.render(planOf({ ...kept, keptBy: 'keeper' }), renderOptions())).toEqual([]);
});
