import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../../testing/spawn-keeper.ts';
import { endLeftovers } from './leftovers.ts';

// A worker that starts two programs, one of them in a session of its own, and tells their process numbers.
const WORKER = `
  const { spawn } = require('node:child_process');
  const start = (options) => spawn('sleep', ['600'], { stdio: 'ignore', ...options }).pid;
  console.log(JSON.stringify({ child: start(), detached: start({ detached: true }) }));
  setInterval(() => {}, 1_000);`;

/** What has ended and waits for its parent to take note is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

interface Family {
  readonly worker: ChildProcess;
  readonly child: number;
  readonly detached: number;
}

const SOCKET = `/nowhere/${process.pid}/控制.sock`;

/** @param keeperPid whose worker it says that it is. */
async function startFamily(keeperPid: number, socketPath = SOCKET): Promise<Family> {
  const worker = spawn(process.execPath, ['-e', WORKER], {
    env: { ...process.env, KEEPER_PID: String(keeperPid), KEEPER_CONTROL_SOCKET: socketPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(worker.stdout, 'data');
  const { child, detached } = JSON.parse(String(line));
  onTestFinished(() => {
    for (const pid of [worker.pid ?? 0, child, detached]) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return { worker, child, detached };
}

it('ends what a dead worker left behind, and nothing that a living one started', async () => {
  const dead = await startFamily(process.pid);
  const living = await startFamily(process.pid);
  dead.worker.kill('SIGKILL');
  await once(dead.worker, 'exit');
  expect(endLeftovers(SOCKET, new Set([living.worker.pid ?? 0]))).toEqual([dead.child]);
  await eventually('its end', () => !isAlive(dead.child));
  for (const pid of [dead.detached, living.child, living.detached, living.worker.pid ?? 0]) {
    expect(isAlive(pid)).toBe(true);
  }
});

it('ends the worker of a keeper that is no more, with all that it started', async () => {
  const keeper = spawn('true');
  await once(keeper, 'exit');
  const { worker, child, detached } = await startFamily(keeper.pid ?? 0);
  expect(new Set(endLeftovers(SOCKET, new Set()))).toEqual(new Set([worker.pid, child]));
  await eventually('their end', () => !isAlive(worker.pid ?? 0) && !isAlive(child));
  expect(isAlive(detached)).toBe(true);
});

it('leaves workers of other folders alone', async () => {
  const { worker } = await startFamily(4_194_305, '/nowhere/other.sock');
  expect(endLeftovers(SOCKET, new Set())).toEqual([]);
  expect(isAlive(worker.pid ?? 0)).toBe(true);
});

it('kills what does not listen', async () => {
  const keeper = spawn('true');
  await once(keeper, 'exit');
  const deaf = spawn('sh', ['-c', 'trap "" TERM; echo deaf; while :; do sleep 1; done'], {
    env: { ...process.env, KEEPER_PID: String(keeper.pid), KEEPER_CONTROL_SOCKET: SOCKET },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void deaf.kill('SIGKILL'));
  await once(deaf.stdout, 'data');
  expect(endLeftovers(SOCKET, new Set())).toContain(deaf.pid);
  await eventually('its end', () => deaf.signalCode === 'SIGKILL');
});
