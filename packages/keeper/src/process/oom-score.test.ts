import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { setOomScore } from './oom-score.ts';

const scoreOf = (pid: number | 'self') => Number(readFileSync(`/proc/${pid}/oom_score_adj`, 'latin1'));

async function sleepingProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child.pid ?? 0;
}

it('ranks a worker as the plan says, and never below the keeper', async () => {
  const pid = await sleepingProcess();
  expect(setOomScore(pid, 750)).toBeUndefined();
  expect(scoreOf(pid)).toBe(750);
  setOomScore(await sleepingProcess(), -1_000);
  const other = await sleepingProcess();
  expect(setOomScore(other, -1_000)).toBeUndefined();
  expect(scoreOf(other)).toBe(Math.min(1_000, scoreOf('self') + 1));
});

it('says why it cannot rank a process that is gone', () => {
  expect(setOomScore(2 ** 22 + 1, 750)).toBe('ENOENT');
});

/** Lowers its own score, starts a worker as the keeper does, and tells both scores. */
const KEEPER = `
  import { spawn } from 'node:child_process';
  import { readFileSync } from 'node:fs';
  const { lowerOwnOomScore, setOomScore } = await import(process.argv[1]);
  const scoreOf = (pid) => Number(readFileSync('/proc/' + pid + '/oom_score_adj', 'latin1'));
  const before = scoreOf('self');
  const lowered = lowerOwnOomScore();
  const worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], { stdio: 'ignore' });
  setOomScore(worker.pid, 750);
  console.log(JSON.stringify({ before, lowered, keeper: scoreOf('self'), worker: scoreOf(worker.pid) }));
  worker.kill('SIGKILL');
`;

async function keeperScores(identity: { uid?: number; gid?: number }) {
  const module = new URL('./oom-score.ts', import.meta.url).href;
  const args = ['--input-type=module', '-e', KEEPER, module];
  const child = spawn(process.execPath, args, { ...identity, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text) as { before: number; lowered: boolean; keeper: number; worker: number };
}

it('takes the keeper out of the line where that is allowed, with its workers still in it', async () => {
  const { before, lowered, keeper, worker } = await keeperScores({});
  expect(keeper).toBe(lowered ? -900 : before);
  expect(worker).toBeGreaterThanOrEqual(750);
});

it('leaves the score as it was for a user who may not, and fails in nothing', async ({ skip }) => {
  if (process.getuid?.() !== 0) return skip('only root can become somebody who may not');
  const { before, lowered, keeper, worker } = await keeperScores({ uid: 65_534, gid: 65_534 });
  expect({ lowered, keeper }).toEqual({ lowered: false, keeper: before });
  expect(worker).toBeGreaterThanOrEqual(750);
});
