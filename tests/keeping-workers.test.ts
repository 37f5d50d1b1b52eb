import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { SystemStatus } from '@maque/contract';
import { callApi } from '@maque/testkit/process/api-client';
import { type RunningMaque, runMaque, startMaque, statusOf } from '@maque/testkit/process/start-maque';
import { steadyLoad } from '@maque/testkit/process/steady-load';
import { waitUntil } from '@maque/testkit/process/wait-until';
import { describe, expect, it } from 'vitest';

function workersOf(status: SystemStatus) {
  return status.processes.filter(({ role, state }) => role === 'worker' && state === 'ready');
}

async function twoWorkers(shop: RunningMaque) {
  return waitUntil('two ready workers', async () => {
    const workers = workersOf(await statusOf(shop));
    return workers.length === 2 && workers;
  });
}

describe('a start', () => {
  it('runs a keeper and two workers inside a budget, and says where everything is', async () => {
    await using shop = await startMaque({ args: ['--memory', '600M'] });
    await twoWorkers(shop);
    const status = await statusOf(shop);
    expect(status.processes.map(({ role }) => role).sort()).toEqual(['keeper', 'worker', 'worker']);
    expect(status.used).toBeLessThan(status.budget);
    expect(status.budget).toBeLessThanOrEqual(600 * 1024 * 1024);

    await shop.process.line(/Ctrl-C/);
    const screen = shop.process.stdout();
    expect(screen).toContain(`${shop.url}/api`);
    expect(screen).toContain(`${shop.url}/_/`);
    expect(screen).toMatch(/SIMULATOR at http:\/\/127\.0\.0\.1:\d+/);
    expect(screen).toMatch(/JavaScript heap .* \d+ \+ 3 × \d/);
    expect(shop.adminLink).toMatch(/\/_\/#link=/);
  });

  it('keeps its secrets to itself', async () => {
    await using shop = await startMaque();
    const secrets = join(shop.dataDir, 'secrets.json');
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    expect(statSync(join(shop.dataDir, 'control.sock')).mode & 0o777).toBe(0o600);
    expect(shop.process.stdout() + shop.process.stderr()).not.toMatch(/tokenKey|sessionKeyKey/);
  });

  it('gives the console to whoever holds the one-time link, once', async () => {
    await using shop = await startMaque();
    await shop.process.line(/Ctrl-C/);
    const claim = (link: string | undefined, name: string) => {
      const body = { link: link?.split('#link=')[1], name, password: 'correct horse battery' };
      return callApi(shop.url, '/api/admin/claim', { body });
    };
    expect((await claim(shop.adminLink, 'anna')).status).toBe(200);
    expect((await claim(shop.adminLink, 'eve')).json()).toMatchObject({
      error: { code: 'ADMIN_LINK_INVALID' },
    });

    await using again = await runMaque(['admin', 'link', '--data-dir', shop.dataDir]);
    expect(await again.exit()).toMatchObject({ code: 0 });
    const link = again.stdout().trim();
    expect(link.startsWith(`${shop.url}/_/#link=`)).toBe(true);
    expect((await claim(link, 'bob')).status).toBe(200);
  });

  it('serves metrics of all workers on a port of its own', async () => {
    await using shop = await startMaque();
    await twoWorkers(shop);
    const [, url = ''] = await shop.process.line(/(http:\/\/127\.0\.0\.1:\d+\/metrics)/);
    const text = await (await fetch(url)).text();
    expect(text).toMatch(/worker="w1"/);
    expect(text).toMatch(/worker="w2"/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with code 0 on %s and leaves the data folder to the next',
    async (signal) => {
      await using shop = await startMaque();
      if (signal === 'SIGINT') shop.process.signalGroup(signal);
      else shop.process.signal(signal);
      expect(await shop.process.exit()).toEqual({ code: 0, signal: null });
      await using next = await startMaque({ dataDir: shop.dataDir });
      expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
    },
  );

  it('finishes the request that is under way when it is told to stop', async () => {
    await using shop = await startMaque();
    const load = steadyLoad({
      url: `${shop.url}/api/products?limit=100`,
      requestsPerSecond: 50,
      connections: 4,
    });
    await waitUntil('some answers', () => load.result().answered > 10);
    shop.process.signal('SIGTERM');
    expect(await shop.process.exit()).toMatchObject({ code: 0 });
    const { failures } = await load.stop();
    // Once the port is closed nobody listens; before, every request that was taken is answered.
    expect(failures.filter((why) => !why.includes('ECONNREFUSED'))).toEqual([]);
  });
});

describe('a worker that is killed', () => {
  it('costs what was in flight on it, and is replaced within a second', async () => {
    await using shop = await startMaque();
    const [victim] = await twoWorkers(shop);
    const load = steadyLoad({
      url: `${shop.url}/api/products?limit=20`,
      requestsPerSecond: 100,
      connections: 10,
    });
    await waitUntil('some answers', () => load.result().answered > 50);
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    const replaced = await twoWorkersWithout(shop, victim?.pid);
    const { failed, longestGapMs, answered } = await load.stop();
    expect(answered).toBeGreaterThan(20);
    // Ten connections, five of them on the victim, each with one request at most.
    expect(failed).toBeLessThanOrEqual(10);
    expect(longestGapMs).toBeLessThan(1_000);
    expect(replaced.map(({ restarts }) => restarts).sort()).toEqual([0, 1]);
    await shop.process.line(/ended: .*SIGKILL/);
  });
});

async function twoWorkersWithout(shop: RunningMaque, pid: number | undefined) {
  return waitUntil('two workers without the killed one', async () => {
    const workers = workersOf(await statusOf(shop));
    return workers.length === 2 && workers.every((worker) => worker.pid !== pid) && workers;
  });
}

describe('maque recycle', () => {
  it('replaces every worker under load without one failed request', async () => {
    await using shop = await startMaque();
    const before = await twoWorkers(shop);
    const load = steadyLoad({
      url: `${shop.url}/api/products?limit=20`,
      requestsPerSecond: 200,
      connections: 20,
    });
    await using recycle = await runMaque(['recycle', '--data-dir', shop.dataDir]);
    expect(await recycle.exit(40_000)).toMatchObject({ code: 0 });
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(200);
    const after = await twoWorkers(shop);
    const pidsBefore = before.map(({ pid }) => pid);
    expect(after.filter(({ pid }) => pidsBefore.includes(pid))).toEqual([]);
    expect(recycle.stdout()).toContain('All workers asked for are replaced');
  }, 60_000);

  it('replaces one worker by its name, and refuses one that is not there', async () => {
    await using shop = await startMaque();
    const before = await twoWorkers(shop);
    await using one = await runMaque(['recycle', 'w1', '--data-dir', shop.dataDir]);
    expect(await one.exit(20_000)).toMatchObject({ code: 0 });
    const after = await twoWorkers(shop);
    const pidOfW2 = before.find(({ id }) => id === 'w2')?.pid;
    expect(after.map(({ pid }) => pid)).toContain(pidOfW2);

    await using none = await runMaque(['recycle', 'w9', '--data-dir', shop.dataDir]);
    expect(await none.exit()).toMatchObject({ code: 1 });
    expect(none.stderr()).toContain('w9');
  }, 60_000);
});
