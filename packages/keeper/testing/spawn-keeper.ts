import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SystemStatus } from '@maque/contract';
import {
  controlRequest,
  type EventCode,
  type KeeperEvent,
  type KeeperOptions,
  type OutputLine,
} from '@maque/keeper';
import { onTestFinished } from 'vitest';

const FIXTURES = join(import.meta.dirname, 'fixtures');

// A test fails with what it waited for well before vitest gives it up; a start takes 0.3 s on an idle machine.
const PATIENCE_MS = 20_000;

export interface Failed {
  readonly code: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly block: string | null;
}

/** A real keeper process, and what it has told so far. */
export class KeeperProcess {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly socketPath: string;
  readonly events: KeeperEvent[] = [];
  readonly lines: OutputLine[] = [];
  readonly exited: Promise<number | null>;
  metricsPort = 0;
  failed: Failed | undefined;
  stderr = '';

  constructor(child: ChildProcess, folder: string, socketPath: string) {
    this.child = child;
    this.folder = folder;
    this.socketPath = socketPath;
    if (child.stdout === null) throw new Error('the keeper has no stdout to read');
    createInterface(child.stdout).on('line', (line) => this.#told(line));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.exited = once(child, 'close').then(([code]) => code as number | null);
  }

  /** The port that the workers share. */
  get port(): number {
    const ready = this.events.find(({ code }) => code === 'WORKER_READY');
    return Number(/\d+$/.exec(String((ready?.data.listening as string[] | undefined)?.[0]))?.[0]);
  }

  all(code: EventCode): KeeperEvent[] {
    return this.events.filter((event) => event.code === code);
  }

  /**
   * Waits until there are `count` events of this kind; answers the last of them.
   * @throws with what the keeper told instead, when they do not come.
   */
  async event(code: EventCode, count = 1): Promise<KeeperEvent> {
    try {
      await eventually(`${count} × ${code}`, () => this.all(code).length >= count);
    } catch (cause) {
      const told = this.events.map((event) => `${event.code} ${JSON.stringify(event.data)}`);
      throw new Error([(cause as Error).message, ...told, this.failed?.message, this.stderr].join('\n'), {
        cause,
      });
    }
    return this.all(code)[count - 1] as KeeperEvent;
  }

  async serving(workers: number): Promise<this> {
    await this.event('WORKER_READY', workers);
    return this;
  }

  async state(): Promise<SystemStatus> {
    return (await controlRequest(this.socketPath, 'GET', '/state')).body as SystemStatus;
  }

  #told(line: string): void {
    const told = line.startsWith('{') ? JSON.parse(line) : {};
    if (told.event !== undefined) this.events.push(told.event);
    if (told.line !== undefined) this.lines.push(told.line);
    if (told.failed !== undefined) this.failed = told.failed;
    if (told.started !== undefined) this.metricsPort = told.started.metricsPort;
  }
}

/** Starts a keeper of a fixture app; it and its workers are gone when the test is over. */
export function spawnKeeper(
  app: string,
  options: Omit<Partial<KeeperOptions>, 'output'> & { readonly output?: 'lines' } = {},
  folder = mkdtempSync(join(tmpdir(), 'maque-keeper-')),
): KeeperProcess {
  const socketPath = options.controlSocketPath ?? join(folder, 'control.sock');
  const all = {
    exec: join(FIXTURES, app),
    cwd: folder,
    workers: 2,
    surge: true,
    limits: { oldSpaceMb: 64, semiSpaceMb: 2, budgetBytes: 128 * 1024 * 1024, oomScoreAdj: 300 },
    metricsPort: 0,
    controlSocketPath: socketPath,
    ...options,
  };
  const child = spawn(process.execPath, [join(FIXTURES, 'run-keeper.mjs'), JSON.stringify(all)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const keeper = new KeeperProcess(child, folder, socketPath);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    // A worker that is stopped or blocked does not notice that its keeper is gone, and holds the keeper's stdout.
    for (const { data } of keeper.all('WORKER_STARTED')) killQuietly(Number(data.pid));
    await keeper.exited;
    rmSync(folder, { recursive: true, force: true });
  });
  return keeper;
}

/** Looks every 10 ms until it is so. */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function killQuietly(pid: number): void {
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}
