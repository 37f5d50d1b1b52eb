import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { validate } from 'dockerfile-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf, plansWith } from '../../../testing/app-plans.ts';
import { unexplainedNumbers, unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { renderOptions } from '../render-options.ts';
import { dockerfile } from './dockerfile.ts';

const ROOT = resolve(import.meta.dirname, '../../../../..');
const maquePlan = planOf({ kind: 'maque', name: 'shop' });
const nodePlan = planOf({ kind: 'node', name: 'chat', keptBy: 'systemd' });

/** Instructions with their arguments; lines that go on are joined. */
function instructionsOf(content: string): readonly (readonly [name: string, rest: string])[] {
  const lines = content.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
}

function fileOf(plan = maquePlan, options = renderOptions()): string {
  return dockerfile.render(plan, options).find(({ path }) => path === 'Dockerfile')?.content ?? '';
}

const argumentsOf = (content: string, wanted: string) =>
  instructionsOf(content).flatMap(([name, rest]) => (name === wanted ? [rest] : []));

it('the Dockerfiles of 200 plans are right, and a shell reads what they run', () => {
  const plans = plansWith('maque', 'node').filter(({ services }) =>
    services.some(({ kind }) => kind === 'maque' || services[0]?.kind === 'node'),
  );
  const commands = new Set<string>();
  fc.assert(
    fc.property(plans, renderChoices(), (plan, choices) => {
      const content = fileOf(plan, choices);
      if (content === '') return;
      expect(validate(content, { instructionJSONInSingleQuotes: 2, instructionWorkdirRelative: 2 })).toEqual(
        [],
      );
      for (const command of argumentsOf(content, 'RUN')) commands.add(command);
      const [, healthcheck = '[]'] = /CMD (\["bash".*\])$/m.exec(content) ?? [];
      commands.add((JSON.parse(healthcheck) as readonly string[])[2] ?? '');
    }),
    { numRuns: 200 },
  );
  expect(commands.size).toBeGreaterThanOrEqual(4);
  for (const command of commands) execFileSync('bash', ['-n', '-c', command]);
});

it('the checker finds what is wrong', () => {
  expect(validate(fileOf().replace('WORKDIR /app', 'WORKDIRR /app'))).not.toEqual([]);
});

describe('the image', () => {
  it('copies only what a project has, and nothing that .dockerignore leaves out', () => {
    const copies = argumentsOf(fileOf(), 'COPY');
    expect(copies).toEqual(['package.json package-lock.json ./', '. .', '--from=build /app ./']);
    const ignored = dockerfile.render(maquePlan, renderOptions())[1]?.content.split('\n') ?? [];
    expect(ignored).toEqual(expect.arrayContaining(['.env*', '.npmrc', 'secrets', 'data', 'node_modules']));
    expect(ignored).not.toEqual(expect.arrayContaining(['package.json']));
  });

  it('runs as node, and has no secret', () => {
    const content = fileOf();
    expect(argumentsOf(content, 'USER')).toEqual(['node']);
    expect(content).not.toMatch(/SECRET|PASSWORD|TOKEN/);
  });

  it.each([
    [300, '0.5 GiB'],
    [600, '1 GiB'],
    [1_500, '2 GiB'],
  ])('for a budget of %i MiB belongs into a container of %s', (budgetMb, size) => {
    const plan = planOf({ kind: 'maque', name: 'shop', workers: 1, memoryBytes: budgetMb * 2 ** 20 });
    expect(fileOf(plan)).toContain(`≤ ${size}: `);
  });
});

describe('what the image starts', () => {
  it.each([
    [maquePlan, ['node', 'node_modules/maque/bin/maque.js', 'start', '/app']],
    [planOf({ kind: 'node', name: 'chat' }), ['node', 'node_modules/maque/bin/maque.js', 'run', 'server.js']],
    [nodePlan, ['node', 'server.js']],
  ])('is what keeps the program on a server: %#', (plan, command) => {
    const content = fileOf(plan);
    expect(argumentsOf(content, 'CMD')).toEqual([JSON.stringify(command)]);
    const hasKeeper = command.length > 2;
    expect(environmentOf(content).MAQUE_DATA_DIR).toBe(hasKeeper ? '/data' : undefined);
    expect(environmentOf(content).NODE_OPTIONS === undefined).toBe(hasKeeper);
  });

  /** The variables of the last stage. */
  function environmentOf(content: string): Readonly<Record<string, string>> {
    return Object.fromEntries(
      argumentsOf(content, 'ENV').map((rest) => [
        rest.slice(0, rest.indexOf('=')),
        rest.slice(rest.indexOf('=') + 1).replaceAll('"', ''),
      ]),
    );
  }

  it('serves, its health check says so, and it ends at SIGTERM', async () => {
    await using folder = await tempFolder();
    const app = join(folder.path, 'app');
    cpSync(join(ROOT, 'examples/shop/dist'), join(app, 'dist'), { recursive: true });
    mkdirSync(join(app, 'node_modules'));
    symlinkSync(join(ROOT, 'packages/maque'), join(app, 'node_modules/maque'));
    const content = fileOf();
    const port = await freePort();
    const env = {
      ...process.env,
      ...environmentOf(content),
      PORT: String(port),
      MAQUE_DATA_DIR: join(folder.path, 'data'),
      MAQUE_ALLOW_NO_WECHAT: 'true',
      MAQUE_MEMORY: '400M',
      MAQUE_WORKERS: '1',
    };
    const [node, script = '', ...words] = JSON.parse(
      argumentsOf(content, 'CMD')[0] ?? '[]',
    ) as readonly string[];
    expect(node).toBe('node');
    const server = spawn(process.execPath, [script, ...words.map((word) => word.replace('/app', app))], {
      cwd: app,
      env,
      stdio: 'ignore',
    });
    const ended = new Promise<number | null>((end) => server.on('exit', end));
    const [, healthcheck = '[]'] = /CMD (\["bash".*\])$/m.exec(content) ?? [];
    const [shell = '', ...probe] = JSON.parse(healthcheck) as readonly string[];
    const isWell = () =>
      new Promise<boolean>((answer) =>
        spawn(shell, probe, { env, stdio: 'ignore' }).on('exit', (code) => answer(code === 0)),
      );
    try {
      expect(await isWell()).toBe(false);
      await expect.poll(isWell, { timeout: 20_000, interval: 200 }).toBe(true);
    } finally {
      server.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
  });
});

it('explains each of its numbers, and has no meaning too many', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const files = [maquePlan, nodePlan].flatMap((plan) =>
      dockerfile.render(plan, renderOptions({ language })),
    );
    expect(unusedMeanings(dockerfile, files)).toEqual([]);
    // The second stage is of the same Node, and EXPOSE repeats the port.
    const repeated = /FROM node:26-slim$|EXPOSE 8080$|install -d -o node -g node -m 0700/;
    expect(unexplainedNumbers(files, repeated)).toEqual([]);
  }
});

it('has nothing for a program that does not run on Node', () => {
  const plan = planOf({ kind: 'java', name: 'bills', framework: 'plain' });
  expect(dockerfile.render(plan, renderOptions())).toEqual([]);
});
