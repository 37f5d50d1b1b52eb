import { once } from 'node:events';
import { connect } from 'node:net';
import { controlRequest } from '@maque/keeper';
import { describe, expect, it, onTestFinished } from 'vitest';
import { get, startLoad } from '../../testing/keep-alive-load.ts';
import { eventually, type KeeperProcess, spawnKeeper } from '../../testing/spawn-keeper.ts';

const HANDSHAKE = '/socket.io/?EIO=4&transport=polling';

const spawnSticky = (options: Parameters<typeof spawnKeeper>[1] = {}) =>
  spawnKeeper('polling-app.mjs', { stickySessions: true, ...options }).serving(2);

async function beginSession(port: number): Promise<string> {
  const answer = await get(port, HANDSHAKE);
  return String((JSON.parse(answer.slice(1)) as { sid: unknown }).sid);
}

/** Polls on a fresh connection; answers the worker. @throws Error for a worker that does not know the session. */
async function poll(port: number, sid: string): Promise<number> {
  return Number.parseInt(await get(port, `${HANDSHAKE}&sid=${sid}`), 10);
}

/** Sends bytes as they are, in pieces, and answers what comes until the connection ends. */
async function sendPieces(port: number, pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return (await socket.setEncoding('utf8').toArray()).join('');
}

describe('sticky sessions', () => {
  it('bring every connection of a session to the worker that began it, and spread the sessions', async () => {
    const { port } = await spawnSticky();
    const sids = await Promise.all(Array.from({ length: 20 }, () => beginSession(port)));
    const workers = await Promise.all(
      sids.map(async (sid) => new Set([await poll(port, sid), await poll(port, sid), await poll(port, sid)])),
    );
    expect(workers.map(({ size }) => size)).toEqual(sids.map(() => 1));
    const byWorker = Map.groupBy(workers, ([pid]) => pid);
    expect([...byWorker.values()].map(({ length }) => length)).toEqual([10, 10]);
  });

  it('are needed: without them half of the polls go astray', async () => {
    const { port } = await spawnSticky({ stickySessions: false });
    const sid = await beginSession(port);
    const polls = await Promise.allSettled([1, 2, 3, 4].map(() => poll(port, sid)));
    expect(polls.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  });

  it('take a request whole that comes in pieces, with a body that is longer than what was looked at', async () => {
    const { port } = await spawnSticky();
    const sid = await beginSession(port);
    const body = 'x'.repeat(100_000);
    const head = `POST ${HANDSHAKE}&sid=${sid} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answers = [
      await sendPieces(port, [
        head.slice(0, 25),
        head.slice(25, 60),
        head.slice(60) + body.slice(0, 9),
        body.slice(9),
      ]),
      await sendPieces(port, [head + body]),
    ];
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200[\s\S]* 100000$/);
  });

  it('are not held up by connections that say nothing, more than are looked at, and take what is no HTTP', async () => {
    const keeper = await spawnSticky();
    const { port } = keeper;
    const silent = Array.from({ length: 1_010 }, () => connect(port, '127.0.0.1'));
    onTestFinished(() => silent.forEach((socket) => void socket.destroy()));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    expect(Number(await get(port, '/'))).toBeGreaterThan(0);
    expect(await sendPieces(port, [Buffer.of(0x16, 0x03, 0x01, 0, 1, 0)])).toMatch(/^HTTP\/1\.1 400/);
    keeper.child.kill('SIGTERM');
    expect(await keeper.exited).toBe(0);
  });

  it('lose no request while workers are replaced, nor when one is killed with connections on their way to it', async () => {
    const keeper = await spawnSticky();
    const keepAlive = startLoad(keeper.port, 10, 10);
    const fresh = startLoad(keeper.port, 10, 10, false);
    await controlRequest(keeper.socketPath, 'POST', '/recycle');
    await keeper.event('RECYCLE_DONE');
    for (const load of [keepAlive, fresh]) expect((await load.stop()).failures).toEqual({});

    const victim = newestWorker(keeper);
    process.kill(victim, 'SIGSTOP');
    const answers = Promise.all([1, 2, 3, 4].map(() => get(keeper.port, '/')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(victim, 'SIGKILL');
    expect((await answers).map(Number)).not.toContain(victim);
  });

  it('send a session to whoever is there when its worker is gone', async () => {
    const keeper = await spawnSticky();
    const sid = await beginSession(keeper.port);
    process.kill(await poll(keeper.port, sid), 'SIGKILL');
    await keeper.event('WORKER_EXITED');
    // Socket.IO's client begins a new session upon that.
    await expect(poll(keeper.port, sid)).rejects.toThrow('status 400');
  });

  it('keep no descriptor of a connection that was handed over, or that went away before', async () => {
    const keeper = await spawnSticky();
    const before = await descriptorsOf(keeper);
    for (let round = 0; round < 50; round += 1) {
      const sid = await beginSession(keeper.port);
      await poll(keeper.port, sid);
      const leaving = connect(keeper.port, '127.0.0.1', () => leaving.destroy());
    }
    await eventually('the descriptors to be back', async () => (await descriptorsOf(keeper)) <= before + 2);
  });
});

function newestWorker(keeper: KeeperProcess): number {
  return Number(keeper.all('WORKER_READY').at(-1)?.data.pid);
}

async function descriptorsOf(keeper: KeeperProcess): Promise<number> {
  const { readdir } = await import('node:fs/promises');
  return (await readdir(`/proc/${keeper.child.pid}/fd`)).length;
}
