import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { get } from '../testing/keep-alive-load.ts';
import { eventually } from '../testing/spawn-keeper.ts';
import { type KeeperMessage, readWorkerMessage, type WorkerMessage, wrap } from './protocol/messages.ts';

const APP = join(import.meta.dirname, '../testing/fixtures/guarded-app.mjs');
const DRAIN = { type: 'drain', reason: 'recycle', idleGraceMs: 50, timeoutMs: 5_000, autopsy: true } as const;

/** A worker of this very process: what it says arrives here. */
class OwnWorker {
  readonly child: ChildProcess;
  readonly folder = mkdtempSync(join(tmpdir(), 'maque-worker-'));
  readonly heard: WorkerMessage[] = [];
  exitCode: number | null = null;

  constructor(env: Record<string, string> = {}) {
    const ours = { KEEPER_WORKER_ID: 'w1', KEEPER_PID: String(process.pid), REPORT_FOLDER: this.folder };
    this.child = fork(APP, { env: { ...process.env, ...ours, ...env }, execArgv: [], stdio: 'pipe' });
    this.child.on('message', (raw) => {
      const message = readWorkerMessage(raw);
      if (message !== undefined) this.heard.push(message);
    });
    this.child.on('exit', (code) => {
      this.exitCode = code;
    });
    onTestFinished(() => {
      this.child.kill('SIGKILL');
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  tell(message: KeeperMessage): void {
    this.child.send(wrap(message));
  }

  async hears<Type extends WorkerMessage['type']>(
    type: Type,
  ): Promise<Extract<WorkerMessage, { type: Type }>> {
    const find = () =>
      this.heard.find((message): message is Extract<WorkerMessage, { type: Type }> => message.type === type);
    await eventually(type, () => find() !== undefined);
    return find() as Extract<WorkerMessage, { type: Type }>;
  }

  async port(): Promise<number> {
    return Number((await this.hears('ready')).info.port);
  }
}

it('examines itself after its last request, before the app closes what is examined', async () => {
  const worker = new OwnWorker();
  await worker.port();
  worker.tell(DRAIN);
  const { summary } = await worker.hears('autopsy');
  expect(summary).toMatchObject({ isConfirmed: expect.any(Boolean), tookMs: expect.any(Number) });
  await eventually('its end', () => worker.exitCode !== null);
  expect(worker.heard.map(({ type }) => type)).toEqual(['ready', 'autopsy', 'bus', 'drained']);
  expect(worker.exitCode).toBe(0);
});

it('ends in order when the examination fails, and without one when none is wanted', async () => {
  const failing = new OwnWorker({ EXAMINES_BADLY: 'yes' });
  const plain = new OwnWorker();
  await Promise.all([failing.port(), plain.port()]);
  failing.tell(DRAIN);
  plain.tell({ ...DRAIN, autopsy: false });
  for (const worker of [failing, plain]) {
    await eventually('its end', () => worker.exitCode !== null);
    expect(worker.heard.map(({ type }) => type)).toEqual(['ready', 'bus', 'drained']);
    expect(worker.exitCode).toBe(0);
  }
});

it('answers the worse of its own pressure and the keeper’s', async () => {
  const worker = new OwnWorker();
  const port = await worker.port();
  worker.tell({ type: 'pressure', level: 'critical', reasons: ['MEMORY_SHORT'] });
  await eventually('the pressure to arrive', async () => (await get(port, '/')) === 'critical');
  worker.tell({ type: 'pressure', level: 'none', reasons: [] });
  await eventually('its end', async () => (await get(port, '/')) !== 'critical');
});

it('writes a heap snapshot where it is asked to, or says why not', async () => {
  const worker = new OwnWorker();
  await worker.port();
  worker.tell({ type: 'ask-snapshot', id: 7, folder: join(worker.folder, 'snapshots') });
  const { id, answer } = await worker.hears('snapshot');
  expect(id).toBe(7);
  if (answer.outcome === 'written') expect(existsSync(answer.path)).toBe(true);
  else expect(answer.reason).toMatch(/\d/);
});
