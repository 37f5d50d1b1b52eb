import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GiB, MiB } from '@maque/kit';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { Ajv, type AnySchemaObject } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planOf, plansWith } from '../../../testing/app-plans.ts';
import { composeProblems } from '../../../testing/compose-check.ts';
import { selfSigned, writeNginx } from '../../../testing/nginx-folder.ts';
import { fittingPlans } from '../../../testing/plan-requests.ts';
import { unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { writeBelow } from '../../../testing/written-files.ts';
import { unexplainedIn } from '../../../testing/yaml-remarks.ts';
import type { BoxPlan } from '../../plan/box/box-plan.ts';
import type { PlannedDatabase } from '../../plan/box/planned-service.ts';
import { renderOptions } from '../render-options.ts';
import type { RenderedFile } from '../rendered-file.ts';
import { DATABASE_OVERRIDE_FLAGS, REDIS_OVERRIDE_FLAGS } from './compose/store-containers.ts';
import { compose } from './compose.ts';
import { answers, connects } from './container/probe-command.ts';
import { systemd } from './systemd.ts';

interface Container {
  readonly image: string;
  readonly user?: string;
  readonly ports?: readonly string[];
  readonly mem_limit: string;
  readonly memswap_limit: string;
  readonly mem_reservation: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly cap_add?: readonly string[];
  readonly networks: Readonly<Record<string, unknown>> | readonly string[];
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly env_file?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly pids_limit: number;
  readonly stop_grace_period: string;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Container>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}

function packageOf(name: string): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

/** The schema names a draft without the mark at its end, which is another address to a validator. */
function readJson(file: URL): AnySchemaObject {
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as AnySchemaObject;
  return schema;
}

const wholeBox = planOf(
  { kind: 'nginx', name: 'nginx' },
  { kind: 'maque', name: 'shop', workers: 2, server: { bodyLimitBytes: 2 * MiB } },
  { kind: 'node', name: 'chat', oldSpaceMb: 128 },
  { kind: 'java', name: 'bills', framework: 'spring-boot', heapMb: 256 },
  { kind: 'node', name: 'old', keptBy: 'systemd' },
  { kind: 'python', name: 'reco', server: 'gunicorn' },
  { kind: 'python', name: 'feed', server: 'uvicorn' },
  { kind: 'mariadb', name: 'mariadb', dataBytes: GiB },
  { kind: 'redis', name: 'redis', dataBytes: 64 * MiB, role: 'cache' },
  { kind: 'watcher', name: 'earlyoom', program: 'earlyoom' },
);
const PYTHON = { kind: 'python', name: 'python', server: 'uvicorn' } as const;
const options = renderOptions();

/** A project with all files that the compose file names; answers its folder. */
function project(folder: string, files: readonly RenderedFile[]): string {
  writeBelow(folder, files);
  for (const { env_file: paths = [] } of Object.values(read(files).services)) {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), '');
    }
  }
  return folder;
}

function read(files: readonly RenderedFile[]): ComposeFile {
  return parse(files.find(({ path }) => path === 'docker-compose.yml')?.content ?? '') as ComposeFile;
}

const hasContainers = (plan: BoxPlan) =>
  plan.services.some(({ kind }) => kind !== 'agent' && kind !== 'watcher');

describe('what docker-compose and the compose specification say', () => {
  const anything = fc.oneof(
    fittingPlans().filter(hasContainers),
    plansWith('maque', 'node', 'java', 'python'),
  );

  const written = (folder: string, count: number) =>
    fc
      .sample(fc.tuple(anything, renderChoices()), count)
      .map(([plan, choices], index) => project(join(folder, String(index)), compose.render(plan, choices)));

  it('of the files of 200 plans: docker-compose 1.29 takes them', async () => {
    await using folder = await tempFolder();
    expect(composeProblems(written(folder.path, 200))).toBe('');
  });

  // As dclint carries the schema of the specification; the linter itself compiles it anew for each file.
  it('of the files of 200 plans: they are as the specification of today has it, and a misspelled limit is not', () => {
    const schema = new URL('./schemas/compose.schema.json', packageOf('dclint'));
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(readJson(schema));
    const files = fc
      .sample(fc.tuple(anything, renderChoices()), 199)
      .map(([plan, choices]) => compose.render(plan, choices));
    for (const each of [...files, compose.render(wholeBox, options)]) {
      validate(read(each));
      expect(validate.errors).toBe(null);
    }
    expect(validate({ services: { shop: { image: 'shop', mem_limt: '1m' } } })).toBe(false);
  });

  it('of the command itself: quietly fine, and not of a misspelled limit', async () => {
    await using folder = await tempFolder();
    project(folder.path, compose.render(wholeBox, options));
    const check = () => execFileSync('docker-compose', ['config', '-q'], { cwd: folder.path, stdio: 'pipe' });
    expect(check().toString()).toBe('');
    const file = join(folder.path, 'docker-compose.yml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('mem_limit:', 'mem_limt:'));
    expect(check).toThrow(/mem_limt/);
  });
});

/** What a first process that is root needs, whose others are not. */
const OF_A_PROXY = ['CHOWN', 'SETGID', 'SETUID', 'DAC_READ_SEARCH', 'NET_BIND_SERVICE'];

describe('containers', () => {
  it('of 200 plans keep within the box, write nowhere, and have no rights that they do not need', () => {
    fc.assert(
      fc.property(fittingPlans().filter(hasContainers), renderChoices(), (plan, choices) => {
        const { services } = read(compose.render(plan, choices));
        const limits = Object.values(services).map(
          ({ mem_limit: limit }) => Number.parseInt(limit, 10) * MiB,
        );
        const sum = limits.reduce((before, limit) => before + limit, 0);
        expect(sum).toBeLessThanOrEqual(plan.request.box.memoryBytes);
        for (const [name, one] of Object.entries(services)) {
          expect(one.memswap_limit).toBe(one.mem_limit);
          expect(Number.parseInt(one.mem_reservation, 10)).toBeLessThanOrEqual(
            Number.parseInt(one.mem_limit, 10),
          );
          expect(one).toMatchObject({
            read_only: true,
            cap_drop: ['ALL'],
            logging: { options: { 'max-size': '10m' } },
          });
          if (one.image.startsWith('nginx')) {
            expect(one.cap_add).toEqual(OF_A_PROXY);
            continue;
          }
          expect([name, one.user === undefined, one.cap_add]).toEqual([name, false, undefined]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of stores are reached by apps alone, and only the proxy by the world', () => {
    const { services, networks } = read(compose.render(wholeBox, options));
    expect(networks.data).toEqual({ internal: true });
    expect(services.mariadb?.networks).toEqual(['data']);
    expect(services.redis?.networks).toEqual(['data']);
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([['nginx', ['80:80', '443:443']]]);
  });

  it('of apps without a proxy are there for this box alone', () => {
    const { services } = read(compose.render(planOf({ kind: 'maque', name: 'shop' }), options));
    expect(services.shop?.ports).toEqual(['127.0.0.1:8080:8080']);
  });

  it('of Maque get its part of the plan, and the address whose word counts', () => {
    const { services } = read(compose.render(wholeBox, options));
    const [planned] = wholeBox.services.filter(({ kind }) => kind === 'maque');
    expect(services.shop?.environment).toMatchObject({
      MAQUE_HOST: '0.0.0.0',
      MAQUE_MEMORY: String(planned?.budgetBytes),
      MAQUE_WORKERS: '2',
      MAQUE_TRUSTED_PROXY: '192.168.250.10',
    });
  });

  it('of Node are kept by what keeps them on a server, with a place of its own for its data', () => {
    const { services } = read(compose.render(wholeBox, options));
    expect(services.chat?.environment).toMatchObject({ MAQUE_DATA_DIR: '/data', MAQUE_HEAP: '128M' });
    expect(services.chat?.environment).not.toHaveProperty('NODE_OPTIONS');
    expect(services.chat).toMatchObject({ volumes: ['chat-data:/data'] });
    expect(services.old?.environment?.NODE_OPTIONS).toMatch(/^--max-old-space-size=\d+ /);
    expect(services.old).not.toHaveProperty('volumes');
  });

  it('finish their requests before they are killed', () => {
    const { services } = read(compose.render(wholeBox, options));
    const drain = services.bills?.environment?.SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE ?? '';
    expect(Number.parseInt(drain, 10)).toBeLessThan(
      Number.parseInt(services.bills?.stop_grace_period ?? '', 10),
    );
  });

  it('may have as many threads as their units on a server', () => {
    const { services } = read(compose.render(wholeBox, options));
    const units = systemd.render(wholeBox, options);
    for (const name of ['shop', 'chat', 'bills', 'reco', 'feed', 'old']) {
      const unit = units.find(({ path }) => path.endsWith(`/${name}.service`))?.content ?? '';
      expect([name, /^TasksMax=(\d+)$/m.exec(unit)?.[1]]).toEqual([name, String(services[name]?.pids_limit)]);
    }
  });

  it('are of nobody else: a program beside the app has an image of its own', () => {
    const { services } = read(compose.render(planOf({ kind: 'maque', name: 'shop' }, PYTHON), options));
    expect([services.shop?.image, services.python?.image]).toEqual(['shop:latest', 'shop-python:latest']);
  });

  it('have no secret in any file', () => {
    const text = compose
      .render(wholeBox, options)
      .map(({ content }) => content)
      .join('\n');
    expect(text).not.toMatch(/PASSWORD(?!_FILE): /);
  });
});

describe('what is to be done before the first start', () => {
  const [file] = compose.render(wholeBox, options);
  const steps = file?.next ?? [];

  it('stands in the file as well', () => {
    for (const step of steps) expect(file?.content).toContain(`#   ${step}\n`);
  });

  it('makes each secret that the file names, and leaves what is there', async () => {
    await using folder = await tempFolder();
    const own = { cwd: folder.path, env: { ...process.env, PATH: `${folder.path}:${process.env.PATH}` } };
    // Only root may give files away.
    const install =
      'for last; do :; done; while [ "$1" != /dev/stdin ] && [ $# -gt 2 ]; do shift; done; cat "$1" > "$last"';
    writeFileSync(join(folder.path, 'install'), `#!/bin/sh\n${install}\n`, { mode: 0o755 });
    const make = () => {
      for (const step of steps.filter((one) => one.includes('secrets')))
        execFileSync('sh', ['-c', step], own);
    };
    make();
    const { services, secrets } = read([...(file === undefined ? [] : [file])]);
    const paths = [
      ...Object.values(services).flatMap(({ env_file: files = [] }) => files),
      ...Object.values(secrets ?? {}).map(({ file: path }) => path),
    ];
    expect(readdirSync(join(folder.path, 'secrets')).map((name) => `./secrets/${name}`)).toEqual(
      paths.toSorted(),
    );
    const password = join(folder.path, 'secrets/mariadb-password');
    const before = readFileSync(password, 'utf8');
    expect(before).toMatch(/^[0-9a-f]{48}\n$/);
    make();
    expect(readFileSync(password, 'utf8')).toBe(before);
  });
});

describe('the settings that containers mount', () => {
  it('nginx takes, with the addresses of the containers', async () => {
    await using folder = await tempFolder();
    const certificate = selfSigned(folder.path, 'api.example.com');
    const files = compose.render(wholeBox, renderOptions(certificate));
    const moved = files.map((file) => ({
      ...file,
      path: file.path.replace(/^docker\/nginx\//, '/etc/nginx/'),
    }));
    const text = moved.map(({ content }) => content).join('\n');
    expect(text).toContain('server 192.168.250.11:8080 ');
    expect(text).toContain('server 192.168.250.12:8090 ');
    expect(text).not.toMatch(/server 127\.|systemctl/);
    const main = writeNginx(moved, folder.path);
    execFileSync('nginx', ['-t', '-q', '-p', folder.path, '-c', main, '-e', 'stderr'], { stdio: 'pipe' });
  });

  it('Redis starts with, and with what the command changes', async () => {
    await using folder = await tempFolder();
    const files = compose.render(wholeBox, options).filter(({ path }) => path === 'docker/redis.conf');
    const [config = ''] = writeBelow(folder.path, files);
    const told = new Map<string, string>([...REDIS_OVERRIDE_FLAGS, ['--dir', folder.path], ['--port', '0']]);
    const socket = join(folder.path, 'redis.sock');
    told.set('--unixsocket', socket);
    const server = spawn('redis-server', [config, ...[...told].flat()], { stdio: 'ignore' });
    try {
      const ask = (...words: readonly string[]) =>
        execFileSync('redis-cli', ['-s', socket, ...words], { encoding: 'utf8', stdio: 'pipe' })
          .trim()
          .split('\n');
      await expect
        .poll(() => {
          try {
            return ask('PING');
          } catch {
            return [];
          }
        })
        .toEqual(['PONG']);
      const [planned] = wholeBox.services.filter((service) => service.kind === 'redis');
      expect(ask('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', String(planned?.maxMemoryBytes)]);
      expect(ask('CONFIG', 'GET', 'protected-mode')).toEqual(['protected-mode', 'no']);
    } finally {
      server.kill('SIGKILL');
    }
  });

  it('MariaDB takes, and with what the command changes', async () => {
    await using folder = await tempFolder();
    const files = compose.render(wholeBox, options).filter(({ path }) => path === 'docker/mariadb.cnf');
    const [config = ''] = writeBelow(folder.path, files);
    const said = execFileSync(
      'mariadbd',
      [`--defaults-file=${config}`, ...DATABASE_OVERRIDE_FLAGS, '--help', '--verbose'],
      {
        encoding: 'utf8',
        stdio: 'pipe',
      },
    );
    const value = (name: string) => new RegExp(`^${name}\\s+(.*)$`, 'm').exec(said)?.[1];
    const [planned] = wholeBox.services.filter(
      (service): service is PlannedDatabase => service.kind === 'mariadb',
    );
    expect([value('bind-address'), value('slow-query-log')]).toEqual(['0.0.0.0', 'FALSE']);
    // The container can write nowhere else.
    expect(value('slow-query-log-file')).toBe('/var/lib/mysql/slow.log');
    expect(Number(value('innodb-buffer-pool-size'))).toBeGreaterThan(0.9 * (planned?.poolBytes ?? 0));
  });
});

describe('a look at health', () => {
  async function serving(status: number): Promise<AsyncDisposable & { readonly port: number }> {
    const server = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    return { port, [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())) };
  }
  /** Not at once: this process has to answer. */
  const exitOf = (command: string) =>
    new Promise<number | null>((ended) =>
      spawn('bash', ['-c', command], { stdio: 'ignore' }).on('exit', ended),
    );

  it('passes for a server that answers, and for no other', async () => {
    await using fine = await serving(200);
    await using ill = await serving(503);
    expect(await exitOf(answers(fine.port, '/healthz'))).toBe(0);
    expect(await exitOf(answers(ill.port, '/healthz'))).not.toBe(0);
    expect(await exitOf(connects(ill.port))).toBe(0);
    expect(await exitOf(connects(1))).not.toBe(0);
  });

  it('reaches the shell as it was written', async () => {
    await using folder = await tempFolder();
    project(folder.path, compose.render(planOf({ kind: 'maque', name: 'shop' }), options));
    const resolved = execFileSync('docker-compose', ['config'], { cwd: folder.path, encoding: 'utf8' });
    const { services } = parse(resolved) as {
      services: { shop: { healthcheck: { test: readonly string[] } } };
    };
    // docker-compose prints what can be read again: with both $.
    expect(services.shop.healthcheck.test[3]?.replaceAll('$$', '$')).toBe(answers(8080, '/healthz'));
  });
});

it('explains each of its numbers, and has no meaning too many', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const [file] = compose.render(wholeBox, renderOptions({ language }));
    expect(unusedMeanings(compose, file === undefined ? [] : [file])).toEqual([]);
    const unexplained = file === undefined ? [] : unexplainedIn(file, /bind-address/);
    expect(unexplained).toEqual([]);
  }
});

it('has nothing where nothing belongs into a container', () => {
  expect(compose.render(planOf({ kind: 'agent', name: 'yunjing', bytes: MiB }), options)).toEqual([]);
});
