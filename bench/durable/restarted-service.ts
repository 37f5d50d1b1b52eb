import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Milliseconds } from '@maque/kit';
import { freePort } from '@maque/testkit/process/free-port';
import { readState, readyWorkers } from '../stacks/maque-control.ts';
import { benchFolder, repositoryFolder } from '../stacks/paths.ts';
import { serviceEnvironment } from '../stacks/service-environment.ts';
import { waitUntil } from '../stacks/wait-until.ts';

const WORKERS = 2;
/** As systemd does by default (RestartSec=100ms). */
const RESTART_AFTER_MS: Milliseconds = 100;
const START_TIMEOUT_MS: Milliseconds = 60_000;

/** Maque with two workers, started again whenever its keeper ends, as systemd does. */
export class RestartedService {
  readonly url: string;
  readonly database: string;
  readonly #node: string;
  readonly #folder: string;
  readonly #env: Record<string, string>;
  #keeper: ChildProcess | undefined;
  #isStopping = false;

  private constructor(node: string, folder: string, port: number, metricsPort: number) {
    this.#node = node;
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.database = join(folder, 'data', 'maque.db');
    this.#env = {
      PORT: String(port),
      MAQUE_METRICS_PORT: String(metricsPort),
      // A few users stand for thousands: they are counted as always, and never too many.
      MAQUE_RATE_LIMIT_USER: '1000000000',
    };
  }

  /** Starts it, and waits until both workers serve. */
  static async start(node: string, folder: string): Promise<RestartedService> {
    const service = new RestartedService(node, folder, await freePort(), await freePort());
    service.#launch();
    await service.serving();
    return service;
  }

  /** Waits until all workers serve. */
  async serving(): Promise<void> {
    await waitUntil(async () => (await this.workers()).length === WORKERS, {
      ...{ what: 'both workers', timeoutMs: START_TIMEOUT_MS, everyMs: 20 },
    });
  }

  /** The process ids of the workers that serve; none while there is no keeper. */
  async workers(): Promise<readonly number[]> {
    const socket = join(this.#folder, 'data', 'control.sock');
    return await readState(socket).then(
      (state) => readyWorkers(state).map(({ pid }) => pid),
      () => [],
    );
  }

  /** The process id of the keeper; undefined while there is none. */
  get keeper(): number | undefined {
    const keeper = this.#keeper;
    return keeper?.exitCode === null && keeper.signalCode === null ? keeper.pid : undefined;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const keeper = this.#keeper;
    if (keeper === undefined || keeper.exitCode !== null || keeper.signalCode !== null) return;
    const exited = once(keeper, 'exit');
    keeper.kill('SIGTERM');
    await exited;
  }

  #launch(): void {
    const output = openSync(join(this.#folder, 'service.out'), 'a');
    const command = join(repositoryFolder, 'packages/maque/bin/maque.js');
    const args = ['start', join(benchFolder, 'plain/app'), '--workers', String(WORKERS)];
    this.#keeper = spawn(this.#node, [command, ...args, '--data-dir', join(this.#folder, 'data')], {
      cwd: this.#folder,
      env: serviceEnvironment(this.#env),
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.#keeper.once('exit', () => void this.#again());
  }

  async #again(): Promise<void> {
    await sleep(RESTART_AFTER_MS);
    if (!this.#isStopping) this.#launch();
  }
}
