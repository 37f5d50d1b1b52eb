import { Agent } from 'node:http';
import { controlRequest } from '@maque/keeper';
import { describe, expect, it } from 'vitest';
import { get, startLoad } from '../testing/keep-alive-load.ts';
import { type KeeperProcess, spawnKeeper } from '../testing/spawn-keeper.ts';

function recycle(keeper: KeeperProcess, query = '') {
  return controlRequest(keeper.socketPath, 'POST', `/recycle${query}`);
}

/** The greatest number of workers that were out of service at one time, by the event log. */
function mostOutAtOnce(keeper: KeeperProcess): number {
  const out = new Set<unknown>();
  let most = 0;
  for (const { code, data } of keeper.events) {
    if (code === 'WORKER_DRAINING') out.add(data.worker);
    if (code === 'WORKER_EXITED') out.delete(data.worker);
    most = Math.max(most, out.size);
  }
  return most;
}

describe('replacing workers', () => {
  it.each([
    { surge: true, how: 'with room for one more' },
    { surge: false, how: 'without room' },
  ])('loses no request of a keep-alive load, $how', async ({ surge }) => {
    const keeper = await spawnKeeper('plain-app.mjs', { surge }).serving(2);
    const load = startLoad(keeper.port, 30, 15);
    for (let round = 1; round <= 3; round += 1) {
      expect((await recycle(keeper)).status).toBe(202);
      await keeper.event('RECYCLE_DONE', round);
    }
    const { answered, failures, pids } = await load.stop();
    expect(failures).toEqual({});
    expect(answered).toBeGreaterThan(500);
    // The last of the eight may not have been asked yet.
    expect(pids.size).toBeGreaterThanOrEqual(7);
    expect(mostOutAtOnce(keeper)).toBe(1);
  });

  it('fails no fresh connection while a lone worker is replaced, without room too', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { workers: 1, surge: false }).serving(1);
    const load = startLoad(keeper.port, 8, 5, false);
    for (let round = 1; round <= 2; round += 1) {
      await recycle(keeper);
      await keeper.event('RECYCLE_DONE', round);
    }
    // Waits for every connection that is open; one that hangs is a failure after 15 s.
    const { answered, failures, pids } = await load.stop();
    expect(failures).toEqual({});
    expect(answered).toBeGreaterThan(200);
    expect(pids.size).toBe(3);
  });

  it('leaves idle keep-alive connections alone until their own timeout has passed', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { workers: 1 }).serving(1);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = await get(keeper.port, '/', agent);
    await recycle(keeper);
    await keeper.event('WORKER_DRAINING');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    // The old worker still answers on the connection that it has, and asks the client to leave.
    expect(await get(keeper.port, '/', agent)).toBe(before);
    await keeper.event('RECYCLE_DONE');
    expect(await get(keeper.port, '/', agent)).not.toBe(before);
    agent.destroy();
  });

  it('lets slow requests finish on the old worker', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { workers: 1 }).serving(1);
    const slow = get(keeper.port, '/slow?ms=1500');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await recycle(keeper, '?worker=w1');
    await keeper.event('WORKER_READY', 2);
    const next = await get(keeper.port, '/');
    expect(await slow).not.toBe(next);
    await keeper.event('RECYCLE_DONE');
  });

  it('keeps the old workers when the new one does not start', async () => {
    const keeper = await spawnKeeper('boots-once.mjs', { workers: 1 }).serving(1);
    const before = await get(keeper.port, '/');
    await recycle(keeper);
    expect((await keeper.event('RECYCLE_FAILED')).data).toMatchObject({ worker: 'w1', serving: 1 });
    expect(await get(keeper.port, '/')).toBe(before);
  });

  it('takes a SIGTERM of one worker for the wish to replace it, and a SIGHUP for all', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    process.kill(Number((await keeper.event('WORKER_STARTED', 2)).data.pid), 'SIGTERM');
    await keeper.event('RECYCLE_DONE');
    expect(keeper.all('WORKER_RECYCLED').map(({ data }) => data.worker)).toEqual(['w2']);
    keeper.child.kill('SIGHUP');
    await keeper.event('RECYCLE_DONE', 2);
    expect(keeper.all('WORKER_RECYCLED')).toHaveLength(3);
  });

  it('refuses a worker that does not exist', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { workers: 1 }).serving(1);
    expect(await recycle(keeper, '?worker=w7')).toMatchObject({
      status: 404,
      body: { error: { code: 'WORKER_UNKNOWN', message: 'There is no worker w7 that serves' } },
    });
  });
});
