import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { freePort } from '@maque/testkit/process/free-port';
import { describe, expect, it } from 'vitest';
import { get, startLoad } from '../testing/keep-alive-load.ts';
import { eventually, isAlive, spawnKeeper } from '../testing/spawn-keeper.ts';

function pidsOf(keeper: {
  all(code: 'WORKER_STARTED'): { data: Readonly<Record<string, unknown>> }[];
}): number[] {
  return keeper.all('WORKER_STARTED').map(({ data }) => Number(data.pid));
}

describe('a keeper', () => {
  it.each(['plain-app.mjs', 'plain-app.cjs'])('runs %s unchanged on all its workers', async (app) => {
    const keeper = await spawnKeeper(app).serving(2);
    const answers = new Set<string>();
    await eventually(
      'an answer of each worker',
      async () => answers.add(await get(keeper.port, '/')).size === 2,
    );
    expect([...answers].map(Number).sort()).toEqual(pidsOf(keeper).sort());
  });

  it('starts another worker at once when one is killed, and only what was in flight on it fails', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    const load = startLoad(keeper.port, 20, 20);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const killedAt = Date.now();
    process.kill(pidsOf(keeper)[0] ?? 0, 'SIGKILL');
    await keeper.serving(3);
    expect(Date.now() - killedAt).toBeLessThan(5_000);
    const { answered, failures } = await load.stop();
    expect(answered).toBeGreaterThan(100);
    expect(Object.values(failures).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(20);
    expect((await keeper.event('WORKER_EXITED')).data).toMatchObject({
      worker: 'w1',
      exit: { cause: 'KILLED' },
    });
  });

  it('gives a connection that a dying worker never took to another one', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    const victim = pidsOf(keeper)[0] ?? 0;
    process.kill(victim, 'SIGSTOP');
    const answers = Promise.all([1, 2, 3, 4].map(() => get(keeper.port, '/')));
    // One of the four has gone to the worker that does not run; node:cluster alone would let it wait for ever.
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(victim, 'SIGKILL');
    expect(await answers).not.toContain(String(victim));
    expect((await keeper.event('CONNECTION_RESCUED')).data.connections).toBe(1);
  });

  it('closes a connection that its last worker sends back, instead of letting it wait', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { workers: 1 }).serving(1);
    const worker = pidsOf(keeper)[0] ?? 0;
    const slow = get(keeper.port, '/slow?ms=4000').then(() => 'slow');
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(worker, 'SIGSTOP');
    keeper.child.kill('SIGTERM');
    await keeper.event('WORKER_DRAINING');
    const fresh = get(keeper.port, '/').catch(() => 'closed');
    // It reaches the worker after the word to leave.
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(worker, 'SIGCONT');
    expect(await Promise.race([fresh, slow])).toBe('closed');
    expect(await slow).toBe('slow');
  });

  it('shows a worker that waits for its next start', async () => {
    const keeper = await spawnKeeper('boots-once.mjs', { workers: 1 }).serving(1);
    process.kill(pidsOf(keeper)[0] ?? 0, 'SIGKILL');
    await keeper.event('RESTART_DELAYED');
    expect((await keeper.state()).processes[1]).toMatchObject({ id: 'w1', pid: 0, state: 'failed', rss: 0 });
  });

  it('kills and replaces a worker whose event loop is blocked', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { hangTimeoutMs: 1_500 }).serving(2);
    const blocked = get(keeper.port, '/block?ms=60000').catch((error: Error) => error);
    const hung = await keeper.event('WORKER_HUNG');
    expect(hung.data.silentMs).toBeGreaterThan(1_500);
    expect(await blocked).toBeInstanceOf(Error);
    await keeper.serving(3);
    expect((await keeper.event('WORKER_EXITED')).data).toMatchObject({ exit: { cause: 'HUNG' } });
  });

  it('waits longer and longer when a worker dies again and again, and the other serves on', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    for (let death = 1; death <= 3; death += 1) {
      const newest = [...keeper.all('WORKER_READY')].at(-1);
      process.kill(Number(newest?.data.pid), 'SIGKILL');
      await keeper.event('WORKER_READY', 2 + death);
    }
    const waits = keeper.all('RESTART_DELAYED').map(({ data }) => Number(data.delayMs));
    expect(waits[0]).toBeGreaterThanOrEqual(500);
    expect(waits[1]).toBeGreaterThanOrEqual(1_000);
  });

  it('says that the heap was exhausted', async () => {
    const keeper = await spawnKeeper('leaking-app.mjs', {
      limits: { oldSpaceMb: 16, semiSpaceMb: 1, budgetBytes: 2 ** 26, oomScoreAdj: 300 },
    }).serving(2);
    get(keeper.port, '/leak').catch(() => {});
    expect((await keeper.event('WORKER_EXITED')).data).toMatchObject({ exit: { cause: 'HEAP_EXHAUSTED' } });
  });

  it('lets its workers die before itself when memory runs out', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(1);
    expect(readFileSync(`/proc/${pidsOf(keeper)[0]}/oom_score_adj`, 'utf8').trim()).toBe('300');
  });
});

describe('a start that fails', () => {
  it('tells the error of the app in one readable block', async () => {
    const keeper = spawnKeeper('throws-at-boot.mjs');
    expect(await keeper.exited).toBe(1);
    expect(keeper.failed?.code).toBe('BOOT_FAILED');
    expect(keeper.failed?.block).toContain(
      'throws-at-boot.mjs does not start.\n  it threw an error that nothing',
    );
    expect(keeper.failed?.block).toContain('  | Error: no database at 10.0.0.1');
    expect(keeper.all('WORKER_STARTED')).toHaveLength(1);
  });

  it('tells what the app said itself', async () => {
    const env = { FAIL_AT_BOOT: 'yes' };
    const keeper = spawnKeeper('linked-app.mjs', { preload: false, env });
    expect(await keeper.exited).toBe(1);
    expect(keeper.failed?.block).toContain('Port 8080 is taken by pid 42 (PORT_IN_USE)');
  });

  it('ends an app that never listens', async () => {
    const keeper = spawnKeeper('never-listens.mjs', { bootTimeoutMs: 1_000 });
    expect(await keeper.exited).toBe(1);
    expect(keeper.failed?.message).toMatch(/never-listens\.mjs does not start: BOOT_TIMEOUT$/);
  });

  it('can be stopped while it starts', async () => {
    const keeper = spawnKeeper('never-listens.mjs');
    await keeper.event('WORKER_STARTED');
    keeper.child.kill('SIGTERM');
    await keeper.exited;
    expect(keeper.failed?.code).toBe('STOPPED_EARLY');
  });

  it('refuses a script that does not exist, and options that make no sense', async () => {
    const missing = spawnKeeper('no-such-app.mjs');
    const noWorkers = spawnKeeper('plain-app.mjs', { workers: 0 });
    expect(await missing.exited).toBe(1);
    expect(missing.failed?.code).toBe('SCRIPT_NOT_FOUND');
    expect(await noWorkers.exited).toBe(1);
    expect(noWorkers.failed?.message).toBe('workers must be a whole number from 1 to 64, not 0');
  });

  it('refuses a metrics port that is taken, and leaves no socket behind', async () => {
    const first = await spawnKeeper('plain-app.mjs').serving(2);
    await eventually('its metrics port', () => first.metricsPort > 0);
    const second = spawnKeeper('plain-app.mjs', { metricsPort: first.metricsPort });
    expect(await second.exited).toBe(1);
    expect(second.failed).toMatchObject({ code: 'METRICS_PORT_UNAVAILABLE', data: { reason: 'EADDRINUSE' } });
    expect(existsSync(second.socketPath)).toBe(false);
  });
});

describe('the end of a keeper', () => {
  it('finishes what is in flight on SIGTERM and exits with 0', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    const slow = get(keeper.port, '/slow?ms=800');
    await new Promise((resolve) => setTimeout(resolve, 100));
    keeper.child.kill('SIGTERM');
    expect(Number(await slow)).toBeGreaterThan(0);
    expect(await keeper.exited).toBe(0);
    expect(pidsOf(keeper).some(isAlive)).toBe(false);
  });

  it('does not wait for connections that nobody uses', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { env: { KEEP_ALIVE_MS: '60000' } }).serving(2);
    const agent = new Agent({ keepAlive: true });
    await get(keeper.port, '/', agent);
    const speculative = connect(keeper.port, '127.0.0.1');
    await once(speculative, 'connect');
    const askedAt = Date.now();
    keeper.child.kill('SIGTERM');
    expect(await keeper.exited).toBe(0);
    expect(Date.now() - askedAt).toBeLessThan(3_000);
    speculative.destroy();
    agent.destroy();
  });

  it('cuts what outlasts the drain, and says so', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { drainTimeoutMs: 500 }).serving(2);
    const slow = get(keeper.port, '/slow?ms=60000').catch((error: Error) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    keeper.child.kill('SIGINT');
    expect(await slow).toBeInstanceOf(Error);
    expect(await keeper.exited).toBe(0);
    expect(keeper.all('REQUESTS_CUT').map(({ data }) => data.requests)).toEqual([1]);
  });

  it('kills at a second signal', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    get(keeper.port, '/slow?ms=60000').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    keeper.child.kill('SIGTERM');
    await keeper.event('STOPPING');
    await new Promise((resolve) => setTimeout(resolve, 600));
    keeper.child.kill('SIGTERM');
    const askedAt = Date.now();
    expect(await keeper.exited).toBe(0);
    expect(Date.now() - askedAt).toBeLessThan(3_000);
  });

  it('kills a worker that hears nothing', async () => {
    const keeper = await spawnKeeper('deaf-app.mjs', { workers: 1, drainTimeoutMs: 300 }).serving(1);
    keeper.child.kill('SIGTERM');
    expect((await keeper.event('DRAIN_EXPIRED')).data).toMatchObject({ worker: 'w1' });
    expect(await keeper.exited).toBe(0);
  });

  it('takes its workers along and frees the port when it is killed itself', async () => {
    const port = await freePort();
    const first = await spawnKeeper('plain-app.mjs', { env: { PORT: String(port) } }).serving(2);
    first.child.kill('SIGKILL');
    await eventually('the end of its workers', () => !pidsOf(first).some(isAlive));
    const second = await spawnKeeper('plain-app.mjs', { env: { PORT: String(port) } }).serving(1);
    expect(second.port).toBe(port);
  });
});
