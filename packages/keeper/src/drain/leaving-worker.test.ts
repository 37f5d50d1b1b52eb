import { once } from 'node:events';
import { connect } from 'node:net';
import { controlRequest } from '@maque/keeper';
import { describe, expect, it, onTestFinished } from 'vitest';
import { get } from '../../testing/keep-alive-load.ts';
import { eventually, isAlive, type KeeperProcess, spawnKeeper } from '../../testing/spawn-keeper.ts';

interface Closing {
  readonly code: number;
  readonly wasClean: boolean;
  readonly atMs: number;
}

/** Opens a WebSocket of Node's own client; answers, once it is open, how it is closed. */
async function openWebSocket(port: number): Promise<{ closed: Promise<Closing> }> {
  const client = new WebSocket(`ws://127.0.0.1:${port}/`);
  onTestFinished(() => client.close());
  const closed = once(client, 'close').then(([event]) => {
    const { code, wasClean } = event as CloseEvent;
    return { code, wasClean, atMs: performance.now() };
  });
  await once(client, 'open');
  return { closed };
}

function workerPids(keeper: KeeperProcess): number[] {
  return keeper.all('WORKER_STARTED').map(({ data }) => Number(data.pid));
}

describe('a worker that is replaced', () => {
  it('sends 200 WebSockets away with 1012, one after the other', async () => {
    const spreadMs = 2_000;
    const keeper = await spawnKeeper('web-socket-app.mjs', { workers: 1, drainTimeoutMs: 4_000 }).serving(1);
    const clients = await Promise.all(Array.from({ length: 200 }, () => openWebSocket(keeper.port)));
    await controlRequest(keeper.socketPath, 'POST', '/recycle');
    await keeper.event('WORKER_DRAINING');
    const beganMs = performance.now();
    const closings = await Promise.all(clients.map(({ closed }) => closed));
    expect(closings.filter(({ code, wasClean }) => code === 1012 && wasClean)).toHaveLength(200);
    const quarterOf = ({ atMs }: Closing) => Math.min(3, Math.floor((atMs - beganMs) / (spreadMs / 4)));
    for (const quarter of [0, 1, 2, 3]) {
      // 50 on the average; under 15 happens once in 10⁹.
      expect(closings.filter((closing) => quarterOf(closing) === quarter).length).toBeGreaterThan(15);
    }
    await keeper.event('WORKER_DRAINED');
    expect(keeper.all('REQUESTS_CUT')).toEqual([]);
  });
});

describe('workers whose keeper was killed', () => {
  it('answer what is under way, and end; the port is free at once', async () => {
    const keeper = await spawnKeeper('plain-app.mjs').serving(2);
    const { port } = keeper;
    const slow = [get(port, '/slow?ms=1500'), get(port, '/slow?ms=1500')];
    await new Promise((resolve) => setTimeout(resolve, 200));
    keeper.child.kill('SIGKILL');
    await eventually('the port to be free', () => isRefused(port));
    expect(workerPids(keeper).some(isAlive)).toBe(true);
    expect((await Promise.all(slow)).map(Number).every((pid) => workerPids(keeper).includes(pid))).toBe(true);
    await eventually('the end of the workers', () => !workerPids(keeper).some(isAlive));
  });

  it('do not outlive it by more than five seconds', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', { workers: 1 }).serving(1);
    const endless = get(keeper.port, '/slow?ms=60000').catch((error: Error) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
    keeper.child.kill('SIGKILL');
    const killedMs = performance.now();
    expect(await endless).toBeInstanceOf(Error);
    await eventually('the end of the worker', () => !workerPids(keeper).some(isAlive));
    expect(performance.now() - killedMs).toBeLessThan(9_000);
  });
});

function isRefused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
