import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { get, startLoad } from '../testing/keep-alive-load.ts';
import { eventually, isAlive, spawnKeeper } from '../testing/spawn-keeper.ts';

/** A script for this test alone. */
function appOf(source: string, name = 'app.cjs'): string {
  const folder = mkdtempSync(join(tmpdir(), 'maque-app-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

/** A port that somebody else listens on. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const LISTEN = `const server = require('node:http').createServer();
  setImmediate(() => server.on('request', (request, response) => response.end(String(process.pid))));
  server.listen(Number(process.env.PORT ?? 0));`;

describe('an app that cannot listen', () => {
  it('is told of in one sentence, without the stack of Node', async () => {
    const port = await takenPort();
    const keeper = spawnKeeper('plain-app.mjs', { env: { PORT: String(port) } });
    expect(await keeper.exited).toBe(1);
    expect(keeper.failed?.block).toContain(`Port ${port} is taken by another program`);
    expect(keeper.failed?.block).toContain('(PORT_IN_USE)');
    expect(keeper.stderr).toBe('');
  });

  it('is told of in the language of the keeper, also where it is no port', async () => {
    const app = appOf(`require('node:http').createServer().listen('/nowhere/app.sock')`);
    const keeper = spawnKeeper('', { exec: app, env: { MAQUE_LANG: 'zh-CN' } });
    expect(await keeper.exited).toBe(1);
    expect(keeper.failed?.block).toContain('无法监听 /nowhere/app.sock：EACCES (LISTEN_FAILED)');
  });

  it('is left alone when it looks after its errors itself', async () => {
    const app = appOf(`${LISTEN} server.on('error', () => server.listen(0));`);
    const port = await takenPort();
    const keeper = await spawnKeeper('', { exec: app, env: { PORT: String(port) } }).serving(2);
    expect(keeper.port).not.toBe(port);
  });
});

describe('an app that ends by itself', () => {
  it('is started ever more slowly, each end with its cause, and the keeper answers meanwhile', async () => {
    const app = appOf(`${LISTEN} setTimeout(() => process.exit(3), 200);`);
    const keeper = spawnKeeper('', { exec: app, workers: 1 });
    await keeper.event('RESTART_DELAYED', 2);
    const [first, second] = keeper.all('RESTART_DELAYED').map(({ data }) => Number(data.delayMs));
    expect(second).toBeGreaterThan(first ?? 0);
    expect(keeper.all('WORKER_EXITED').map(({ data }) => data.exit)).toContainEqual(
      expect.objectContaining({ cause: 'EXITED', exitCode: 3 }),
    );
    expect((await keeper.state()).processes[0]).toMatchObject({ role: 'keeper' });
  });

  it('takes nothing with it when it is only one worker that does so while it serves', async () => {
    const app = appOf(`${LISTEN} server.on('request', ({ url }) => url === '/exit' && process.exit(0));`);
    const keeper = await spawnKeeper('', { exec: app }).serving(2);
    await get(keeper.port, '/exit').catch(() => {});
    const answers = new Set<string>();
    await eventually(
      'an answer of two workers',
      async () => answers.add(await get(keeper.port, '/')).size === 2,
    );
    expect((await keeper.event('WORKER_EXITED')).data).toMatchObject({ exit: { cause: 'ENDED' } });
  });
});

it('replaces a worker that has all but run out of file descriptors, and loses no request', async () => {
  const keeper = await spawnKeeper('plain-app.mjs').serving(2);
  const pid = Number(keeper.all('WORKER_STARTED')[0]?.data.pid);
  const open = () => readdirSync(`/proc/${pid}/fd`).length;
  const before = open();
  const load = startLoad(keeper.port, 10, 5);
  await eventually('its half of the connections', () => open() >= before + 5);
  // Again and again: what it had open at one moment may be more than what it keeps open.
  await eventually('it to be drained', () => {
    if (keeper.all('WORKER_DRAINING').length > 0) return true;
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${open() + 2}`]);
    return false;
  });
  expect((await keeper.event('WORKER_DRAINING')).data).toMatchObject({ pid, reason: 'descriptors' });
  await keeper.event('RECYCLE_DONE');
  expect((await load.stop()).failures).toEqual({});
});

it('takes what an app has started along when its worker is killed', async () => {
  const app = appOf(`${LISTEN}
    const { pid } = require('node:child_process').spawn('sleep', ['600'], { stdio: 'ignore' });
    server.on('request', (request, response) => response.setHeader('x-child', pid));`);
  const keeper = await spawnKeeper('', { exec: app }).serving(2);
  const response = await fetch(`http://127.0.0.1:${keeper.port}/`);
  process.kill(Number(await response.text()), 'SIGKILL');
  const left = Number(response.headers.get('x-child'));
  expect((await keeper.event('LEFTOVERS_ENDED')).data.pids).toBe(String(left));
  await eventually('its end', () => !isAlive(left));
});
