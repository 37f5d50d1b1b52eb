import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@maque/testkit/process/free-port';
import { describe, expect, it, onTestFinished } from 'vitest';
import { get } from '../testing/keep-alive-load.ts';
import { eventually, isAlive, type KeeperProcess, spawnKeeper } from '../testing/spawn-keeper.ts';

function pidOf(keeper: KeeperProcess, worker: string): number {
  return Number(keeper.all('WORKER_STARTED').findLast(({ data }) => data.worker === worker)?.data.pid);
}

/** A file system of 256 KiB; null where this user may not mount one. */
function mountSmallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'maque-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'none', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return null;
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Everything that the keeper writes lies there. */
const on = (disk: string) => ({ cwd: disk, controlSocketPath: join(disk, 'control.sock') });

describe('a keeper that does not run for a while', () => {
  it('blames no worker for what it did not hear meanwhile', async () => {
    const keeper = await spawnKeeper('plain-app.mjs', {
      hangNoticeMs: 1_000,
      hangTimeoutMs: 1_500,
    }).serving(2);
    await eventually('heartbeats', async () => (await keeper.state()).processes.every(({ rss }) => rss > 0));
    keeper.child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    keeper.child.kill('SIGCONT');
    expect((await keeper.event('KEEPER_STALLED')).data.gapMs).toBeGreaterThan(2_500);
    expect(Number(await get(keeper.port, '/'))).toBeGreaterThan(0);
    expect(keeper.all('WORKER_HUNG')).toEqual([]);
    expect(keeper.all('WORKER_EXITED')).toEqual([]);
  });
});

describe('a keeper that is killed', () => {
  it('leaves the port and the folder to the next one, also when a worker is too busy to notice', async () => {
    const port = await freePort();
    const options = { env: { PORT: String(port) } };
    const first = await spawnKeeper('plain-app.mjs', options).serving(2);
    get(port, '/block?ms=60000').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = spawnKeeper('plain-app.mjs', options, first.folder);
    await second.serving(2);
    expect(second.port).toBe(port);
    const busy = [pidOf(first, 'w1'), pidOf(first, 'w2')];
    await eventually('the end of the busy worker', () => !busy.some(isAlive));
    const pids = [pidOf(second, 'w1'), pidOf(second, 'w2')].map(String);
    expect(pids).toContain(await get(port, '/'));
  });
});

describe('a full disk', () => {
  it('costs no worker and no request', async ({ skip }) => {
    const disk = mountSmallDisk();
    if (disk === null) return skip('mounting takes root');
    const keeper = await spawnKeeper('plain-app.mjs', on(disk)).serving(2);
    let size = 256 * 1024;
    for (let name = 0; size >= 1; name += 1) {
      try {
        writeFileSync(join(disk, `full-${name}`), Buffer.alloc(size));
      } catch {
        size /= 2;
      }
    }
    process.kill(pidOf(keeper, 'w1'), 'SIGKILL');
    await keeper.serving(3);
    expect(Number(await get(keeper.port, '/'))).toBeGreaterThan(0);
    expect((await keeper.state()).processes).toHaveLength(3);
    keeper.child.kill('SIGTERM');
    expect(await keeper.exited).toBe(0);
    expect(isAlive(pidOf(keeper, 'w2'))).toBe(false);
  });

  it('is told of when not even the control socket can be made', async ({ skip }) => {
    const disk = mountSmallDisk();
    if (disk === null) return skip('mounting takes root');
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const keeper = spawnKeeper('plain-app.mjs', on(disk));
    expect(await keeper.exited).toBe(1);
    expect(keeper.failed).toMatchObject({ code: 'CONTROL_UNAVAILABLE', data: { reason: 'EROFS' } });
  });
});
