import cluster, { type Address, type Worker } from 'node:cluster';
import { type Bytes, MINUTE, type Milliseconds } from '@maque/kit';
import { BoundedSender } from '../protocol/bounded-sender.ts';
import {
  type KeeperMessage,
  readWorkerMessage,
  type SnapshotAnswer,
  type WorkerMessage,
} from '../protocol/messages.ts';
import { KEEPER_PID_ENV, WORKER_ID_ENV } from '../protocol/worker-env.ts';
import type { ConnectionRescue } from './connection-rescue.ts';
import type { LaunchPlan } from './launch-plan.ts';
import { OpenQuestion } from './open-question.ts';
import { WorkerOutput } from './worker-output.ts';

export interface WorkerExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The system's word when the process could not even be started, e.g. `EAGAIN`. */
  readonly reason: string | null;
  readonly lastLines: readonly string[];
}

export interface WorkerHooks {
  readonly onMessage: (worker: WorkerProcess, message: WorkerMessage) => void;
  readonly onExit: (worker: WorkerProcess, exit: WorkerExit) => void;
  readonly onRescue: (worker: WorkerProcess, connections: number) => void;
}

// What may wait in the channel for a worker that does not read: sixteen bus messages of the greatest size.
const MAX_WAITING_BYTES: Bytes = 1024 * 1024;

// An app that listens on more addresses than this is not told of them in full.
const MAX_ADDRESSES = 8;

const INSPECTOR_LISTENS = /Debugger listening on (ws:\S+)/;

// Writing one of 400 MiB takes 14 s, redacting it longer: the guard gives that 10 minutes.
const SNAPSHOT_TIMEOUT_MS: Milliseconds = 12 * MINUTE;
const NO_SNAPSHOT: SnapshotAnswer = {
  outcome: 'failed',
  reason: 'the worker did not answer, or is still busy with another snapshot',
};

/** One worker process. */
export class WorkerProcess {
  readonly id: string;
  /** How often the place that it fills was refilled. */
  readonly restarts: number;
  readonly startedAt = new Date();
  readonly sender: BoundedSender<KeeperMessage>;
  /** Its last heartbeat as it came: not to be trusted. */
  status: unknown = null;
  /** What it was started with. */
  readonly plan: LaunchPlan;
  readonly #worker: Worker;
  readonly #output: WorkerOutput;
  readonly #addresses: string[] = [];
  readonly #metrics = new OpenQuestion<string>();
  readonly #snapshots = new OpenQuestion<SnapshotAnswer>();

  /** @throws Error when the system refuses at once, e.g. `E2BIG`. */
  constructor(id: string, restarts: number, plan: LaunchPlan, rescue: ConnectionRescue, hooks: WorkerHooks) {
    this.id = id;
    this.restarts = restarts;
    this.plan = plan;
    this.#worker = fork(plan, id);
    const child = this.#worker.process;
    this.sender = new BoundedSender(
      (message, sent) => child.send(message, undefined, undefined, sent),
      MAX_WAITING_BYTES,
    );
    this.#output = new WorkerOutput(id, child, plan.output);
    this.#worker.on('listening', (address) => this.#remember(address));
    this.#worker.on('message', (raw) => this.#receive(raw, hooks));
    rescue.watch(child, (connections) => hooks.onRescue(this, connections));
    this.#reportExit(hooks);
  }

  /** 0 when it could not be started. */
  get pid(): number {
    return this.#worker.process.pid ?? 0;
  }

  /** Where it listens, e.g. `*:8080`. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  /** The worker's own metrics; null when it does not answer in time or is still busy with the last question. */
  async askMetrics(timeoutMs: Milliseconds): Promise<string | null> {
    return await this.#metrics.ask((id) => this.sender.send({ type: 'ask-metrics', id }), timeoutMs);
  }

  /** Has it write a heap snapshot into a folder, which may take minutes. */
  async askSnapshot(folder: string): Promise<SnapshotAnswer> {
    const answer = await this.#snapshots.ask(
      (id) => this.sender.send({ type: 'ask-snapshot', id, folder }),
      SNAPSHOT_TIMEOUT_MS,
    );
    return answer ?? NO_SNAPSHOT;
  }

  /** Waits for it to say where its inspector listens; null when it does not in time, or ends. */
  async inspectorUrl(timeoutMs: Milliseconds): Promise<string | null> {
    const line = await this.#output.nextLine(INSPECTOR_LISTENS, timeoutMs);
    return INSPECTOR_LISTENS.exec(line ?? '')?.[1] ?? null;
  }

  #receive(raw: unknown, hooks: WorkerHooks): void {
    const message = readWorkerMessage(raw);
    if (message === undefined) return;
    if (message.type === 'status') this.status = message.status;
    if (message.type === 'metrics') this.#metrics.answer(message.id, message.text);
    else if (message.type === 'snapshot') this.#snapshots.answer(message.id, message.answer);
    else hooks.onMessage(this, message);
  }

  #remember({ addressType, address, port }: Address): void {
    if (this.#addresses.length >= MAX_ADDRESSES) return;
    this.#addresses.push(addressType === -1 ? String(address) : `${address ?? '*'}:${port}`);
  }

  #reportExit(hooks: WorkerHooks): void {
    const child = this.#worker.process;
    let reported = false;
    const report = async (exit: Omit<WorkerExit, 'lastLines'>) => {
      if (reported) return;
      reported = true;
      const lastLines = await this.#output.lastLines();
      this.#metrics.giveUp();
      this.#snapshots.giveUp();
      hooks.onExit(this, { ...exit, lastLines });
    };
    child.once('exit', (exitCode, signal) => void report({ exitCode, signal, reason: null }));
    // Without a process there is no exit either.
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      if (this.pid === 0) void report({ exitCode: null, signal: null, reason: error.code ?? error.message });
    });
  }
}

function fork(plan: LaunchPlan, id: string): Worker {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({
    exec: plan.exec,
    args: [...plan.args],
    execArgv: [...plan.execArgv],
    cwd: plan.cwd,
    stdio: ['ignore', plan.output === 'inherit' ? 'inherit' : 'pipe', 'pipe', 'ipc'],
    serialization: 'json',
    // Should its inspector be opened (see hang/), then anywhere: a fixed port would meet its neighbour's.
    inspectPort: 0,
  });
  return cluster.fork({ ...plan.env, [WORKER_ID_ENV]: id, [KEEPER_PID_ENV]: String(process.pid) });
}
