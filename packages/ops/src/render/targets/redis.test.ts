import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawnProcess } from '@maque/testkit/process/spawn-process';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import { waitUntil } from '@maque/testkit/process/wait-until';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../../testing/in-parallel.ts';
import { fittingPlans, shopRequest } from '../../../testing/plan-requests.ts';
import { unexplainedNumbers, unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { planBox } from '../../plan/box/plan-box.ts';
import { renderOptions } from '../render-options.ts';
import type { RenderedFile } from '../rendered-file.ts';
import { redis } from './redis.ts';

const run = promisify(execFile);
const plans = fittingPlans().filter(({ services }) => services.some(({ kind }) => kind === 'redis'));

function configsOf(files: readonly RenderedFile[]): readonly string[] {
  return files
    .filter(({ path }) => path.endsWith('.conf') && path.startsWith('/etc/redis/'))
    .map(({ content }) => content);
}

/** A Redis with this file, but with no port, in a folder of its own. */
async function startRedis(content: string, folder: string) {
  mkdirSync(folder, { recursive: true });
  const socket = join(folder, 'redis.sock');
  const moved = content
    .replace(/^port .*$/m, 'port 0')
    .replace(/^unixsocket .*$/m, `unixsocket ${socket}`)
    .replace(/^dir .*$/m, `dir ${folder}`)
    .replace(/^logfile .*$/m, 'logfile ""');
  const config = join(folder, 'redis.conf');
  writeFileSync(config, moved);
  const server = await spawnProcess('redis-server', [config]);
  const ask = async (...words: readonly string[]) =>
    (await run('redis-cli', ['-s', socket, ...words])).stdout.trim();
  try {
    await waitUntil('Redis', async () => {
      if (server.ended()) throw new Error(server.stdout() + server.stderr());
      return (await ask('PING')) === 'PONG';
    });
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return { ask, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Names and values in turn, as `redis-cli` prints them. */
function pairsOf(answer: string): ReadonlyMap<string, string> {
  const lines = answer.split('\n');
  return new Map(lines.flatMap((name, at) => (at % 2 === 0 ? [[name, lines[at + 1] ?? '']] : [])));
}

function plain(value: string): string {
  const [, amount, unit] = /^(\d+)(mb|kb)$/.exec(value) ?? [];
  if (amount === undefined) return value.replace(/^"(.*)"$/, '$1');
  return String(Number(amount) * (unit === 'mb' ? 1_048_576 : 1_024));
}

describe("Redis's file", () => {
  it('is taken by Redis as it stands, whatever the plan', async () => {
    await using folder = await tempFolder();
    const samples = fc.sample(fc.tuple(plans, renderChoices()), 200);
    const contents = new Set(samples.flatMap(([plan, options]) => configsOf(redis.render(plan, options))));
    await inParallel(contents, async (content, index) => {
      await using server = await startRedis(content, join(folder.path, String(index)));
      const values = pairsOf(await server.ask('CONFIG', 'GET', '*'));
      const told = [...content.matchAll(/^([a-z][\w-]*) (.*)$/gm)];
      for (const [, name = '', value = ''] of told) {
        if (/^(port|unixsocket|dir|logfile|client-output-buffer-limit)$/.test(name)) continue;
        expect([name, plain(values.get(name) ?? '')]).toEqual([name, plain(value)]);
      }
      expect(values.get('client-output-buffer-limit')).toContain('normal 16777216 8388608 30');
    });
  }, 60_000);

  it('does not begin empty where there were only snapshots until now', async () => {
    await using folder = await tempFolder();
    const queue = { kind: 'redis', name: 'redis', role: 'queue' } as const;
    const plan = planBox({ ...shopRequest(), services: [queue] });
    if (!plan.fits) throw new Error('a queue does not fit');
    const file = redis.render(plan, renderOptions()).find(({ path }) => path === '/etc/redis/redis.conf');
    const [shell = '', flag = '', script = ''] = file?.apply ?? [];
    const place = join(folder.path, 'data');
    {
      const before = (file?.content ?? '').replace(/^appendonly yes$/m, 'appendonly no');
      await using server = await startRedis(before, place);
      await server.ask('SET', 'job', 'not done');
      await server.ask('SAVE');
      // It does as it is told, and tells what that was.
      const bin = join(folder.path, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, 'systemctl'), `#!/bin/sh\necho "$@" >> ${folder.path}/told\n`, { mode: 0o755 });
      const here = script
        .replaceAll('/run/redis/redis-server.sock', join(place, 'redis.sock'))
        .replaceAll('-p 6379', '-p 1');
      const env = { PATH: `${bin}:${process.env.PATH}` };
      const restart = (file?.next?.at(-1) ?? '').replaceAll(
        '/run/redis/redis-server.sock',
        join(place, 'redis.sock'),
      );
      const told = () => readFileSync(join(folder.path, 'told'), 'utf8');
      const restarted = () => run('sh', ['-c', restart.replaceAll('-p 6379', '-p 1')], { env });
      await expect(restarted()).rejects.toThrow();
      expect(existsSync(join(folder.path, 'told'))).toBe(false);
      await run(shell, [flag, here], { env });
      expect(told()).not.toContain('restart');
      await restarted();
      expect(told()).toContain('\nrestart redis-server.service\n');
    }
    await using after = await startRedis(file?.content ?? '', place);
    expect(await after.ask('GET', 'job')).toBe('not done');
  });

  it('explains each of its numbers, and nothing else', () => {
    const services = [{ kind: 'redis', name: 'jobs', role: 'queue' } as const];
    const plan = planBox({ ...shopRequest(), services: [...shopRequest().services, ...services] });
    if (!plan.fits) throw new Error('the shop does not fit');
    const files = redis.render(plan, renderOptions());
    expect(unusedMeanings(redis, files)).toEqual([]);
    expect(unexplainedNumbers(files)).toEqual([]);
    expect(configsOf(files)[0]).toContain('allkeys-lru');
    for (const line of ['port 6380', 'maxmemory-policy noeviction', 'appendonly yes'])
      expect(configsOf(files)[1]).toContain(`
${line}
`);
  });
});
