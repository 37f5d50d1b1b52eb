import { existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { controlRequest } from '@maque/keeper';
import { describe, expect, it } from 'vitest';
import { eventually, spawnKeeper } from '../../testing/spawn-keeper.ts';

describe('the control socket', () => {
  it('tells the state of every process in the shape of the contract', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    await eventually('a heartbeat of each worker', async () => {
      const { processes } = await keeper.state();
      return processes.slice(1).every(({ heapUsed }) => heapUsed !== null);
    });
    const { processes, budget, used } = await keeper.state();
    expect(processes.map(({ id, role, state }) => [id, role, state])).toEqual([
      ['keeper', 'keeper', 'ready'],
      ['w1', 'worker', 'ready'],
      ['w2', 'worker', 'ready'],
    ]);
    expect(processes.map(({ pid }) => pid)).toContain(keeper.child.pid);
    expect(budget).toBe((50 + 2 * 128) * 2 ** 20);
    expect(used).toBeGreaterThan(20 * 2 ** 20);
    expect(processes[1]?.pss).toBeLessThan(processes[1]?.rss ?? 0);
  });

  it('is open to its owner only, from the first moment', async () => {
    const keeper = spawnKeeper('plain-app.mjs');
    await eventually('the socket', () => existsSync(keeper.socketPath));
    expect(statSync(keeper.socketPath).mode & 0o777).toBe(0o600);
  });

  it('keeps a second keeper away from its folder, and names the first', async () => {
    const first = await spawnKeeper('plain-app.mjs').serving(1);
    const second = spawnKeeper('plain-app.mjs', { controlSocketPath: first.socketPath });
    expect(await second.exited).toBe(1);
    expect(second.failed).toMatchObject({ code: 'KEEPER_RUNNING', data: { pid: first.child.pid } });
    expect((await first.state()).processes[0]?.pid).toBe(first.child.pid);
  });

  it('takes the place of a keeper that was killed', async () => {
    const first = await spawnKeeper('plain-app.mjs').serving(1);
    first.child.kill('SIGKILL');
    await first.exited;
    expect(existsSync(first.socketPath)).toBe(true);
    const second = await spawnKeeper('plain-app.mjs', { controlSocketPath: first.socketPath }).serving(1);
    expect((await second.state()).processes[0]?.pid).toBe(second.child.pid);
  });

  it('lets one of several that start at once win', async () => {
    const dead = await spawnKeeper('plain-app.mjs').serving(1);
    dead.child.kill('SIGKILL');
    await dead.exited;
    const rivals = [1, 2, 3].map(() => spawnKeeper('plain-app.mjs', { controlSocketPath: dead.socketPath }));
    await eventually(
      'two to give way',
      () => rivals.filter(({ failed }) => failed !== undefined).length === 2,
    );
    const [winner] = rivals.filter(({ failed }) => failed === undefined);
    await winner?.serving(1);
    expect((await winner?.state())?.processes[0]?.pid).toBe(winner?.child.pid);
    for (const { failed } of rivals) expect(failed?.code ?? 'KEEPER_RUNNING').toBe('KEEPER_RUNNING');
  });

  it('works in a folder whose path is longer than a socket address, and is gone at the end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maque-keeper-'));
    const controlSocketPath = join(folder, 'deep'.repeat(40), 'control.sock');
    mkdirSync(dirname(controlSocketPath));
    const keeper = await spawnKeeper('plain-app.mjs', { controlSocketPath }, folder).serving(1);
    expect(Buffer.byteLength(keeper.socketPath)).toBeGreaterThan(107);
    expect((await keeper.state()).processes[0]?.role).toBe('keeper');
    expect(existsSync(keeper.socketPath)).toBe(true);
    await controlRequest(keeper.socketPath, 'POST', '/stop');
    expect(await keeper.exited).toBe(0);
    expect(existsSync(keeper.socketPath)).toBe(false);
  });

  it('never removes a file that is not a socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'maque-keeper-'));
    writeFileSync(join(folder, 'control.sock'), 'precious');
    const keeper = spawnKeeper('plain-app.mjs', {}, folder);
    expect(await keeper.exited).toBe(1);
    expect(keeper.failed?.code).toBe('CONTROL_PATH_TAKEN');
    expect(existsSync(join(folder, 'control.sock'))).toBe(true);
  });

  it('says why it cannot be opened', async () => {
    const keeper = spawnKeeper('plain-app.mjs', { controlSocketPath: '/no/such/folder/control.sock' });
    expect(await keeper.exited).toBe(1);
    expect(keeper.failed).toMatchObject({ code: 'CONTROL_UNAVAILABLE', data: { reason: 'ENOENT' } });
  });

  it('tells the events after a number, and that an address is unknown', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    const { body } = await controlRequest(keeper.socketPath, 'GET', '/events?after=2');
    const { events } = body as { events: { seq: number; code: string }[] };
    expect(events[0]).toMatchObject({ seq: 3, code: 'WORKER_READY' });
    const newest = (await controlRequest(keeper.socketPath, 'GET', '/events?limit=1')).body;
    expect(newest).toEqual({ events: [events.at(-1)] });
    expect(await controlRequest(keeper.socketPath, 'GET', '/events?after=soon')).toMatchObject({
      status: 400,
      body: { error: { code: 'OPTION_INVALID' } },
    });
    expect(await controlRequest(keeper.socketPath, 'POST', '/state')).toMatchObject({
      status: 404,
      body: { error: { code: 'ROUTE_UNKNOWN', message: 'There is nothing at POST /state' } },
    });
  });

  it('stops the keeper on request', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    expect((await controlRequest(keeper.socketPath, 'POST', '/stop')).status).toBe(202);
    expect(await keeper.exited).toBe(0);
    await expect(controlRequest(keeper.socketPath, 'GET', '/state')).rejects.toMatchObject({
      code: 'KEEPER_NOT_RUNNING',
    });
  });
});
