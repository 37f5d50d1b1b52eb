import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const RIVAL = join(import.meta.dirname, '../../testing/fixtures/rival.mjs');

async function startRival(): Promise<ChildProcess> {
  const rival = fork(RIVAL, { execArgv: [] });
  onTestFinished(() => void rival.kill('SIGKILL'));
  await once(rival, 'message');
  return rival;
}

async function tryToTake(rival: ChildProcess, path: string): Promise<unknown> {
  rival.send(path);
  const [outcome] = await once(rival, 'message');
  return outcome;
}

it('gives the socket of a killed keeper to one of several that come in the same moment, again and again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maque-takeover-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const dead = await startRival();
  const paths = Array.from({ length: 15 }, (_, index) => join(folder, `control-${index}.sock`));
  for (const path of paths) expect(await tryToTake(dead, path)).toBe('took it');
  const rivals = await Promise.all(Array.from({ length: 4 }, startRival));
  dead.kill('SIGKILL');
  await once(dead, 'exit');
  for (const path of paths) {
    const stale = lstatSync(path).ctimeMs;
    const outcomes = await Promise.all(rivals.map((rival) => tryToTake(rival, path)));
    expect(outcomes.toSorted()).toEqual(['KEEPER_RUNNING', 'KEEPER_RUNNING', 'KEEPER_RUNNING', 'took it']);
    expect(existsSync(path)).toBe(true);
    expect(lstatSync(path).ctimeMs).toBeGreaterThan(stale);
  }
});
