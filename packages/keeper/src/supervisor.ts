import { type Clock, type Milliseconds, systemClock } from '@maque/kit';
import { BusRelay } from './bus/bus-relay.ts';
import type { EventLog } from './event-log.ts';
import { launchPlanOf, policyOf, type ResolvedOptions } from './options.ts';
import { decide } from './policy/decide.ts';
import {
  type BootFailure,
  initialState,
  type KeeperState,
  type PolicyAction,
  type PolicyEvent,
} from './policy/model.ts';
import { ConnectionRescue } from './process/connection-rescue.ts';
import { type ExitCause, type ExitCauseCode, explainExit } from './process/exit-cause.ts';
import { setOomScore } from './process/oom-score.ts';
import {
  type LaunchPlan,
  type WorkerExit,
  type WorkerHooks,
  WorkerProcess,
} from './process/worker-process.ts';
import type { WorkerMessage } from './protocol/messages.ts';

export interface SupervisorHooks {
  /** The first worker ever serves. */
  readonly onServing: () => void;
  /** Nothing lives any more; with the last lines of the worker that failed, if one did. */
  readonly onEnd: (failure: BootFailure | null, lastLines: readonly string[]) => void;
}

/** What a keeper counts over its life. */
export interface SupervisorCounters {
  readonly exits: ReadonlyMap<ExitCauseCode, number>;
  readonly rescuedConnections: number;
  readonly busDropped: { readonly rate: number; readonly slow: number };
}

// Fine enough for every limit of the policy. With two workers' heartbeats the idle keeper takes 0.13 % of a core (measured).
const TICK_MS: Milliseconds = 250;

/** Turns what happens to processes into events of the policy, and the policy's actions into deeds. */
export class Supervisor {
  readonly #options: ResolvedOptions;
  readonly #log: EventLog;
  readonly #hooks: SupervisorHooks;
  readonly #clock: Clock = systemClock;
  readonly #plan: LaunchPlan;
  readonly #workers = new Map<string, WorkerProcess>();
  readonly #rescue = new ConnectionRescue();
  readonly #bus = new BusRelay();
  readonly #exits = new Map<ExitCauseCode, number>();
  readonly #workerHooks: WorkerHooks;
  readonly #pending: PolicyEvent[] = [];
  #rescuedConnections = 0;
  #lastLines: readonly string[] = [];
  #state: KeeperState;
  #ticker: NodeJS.Timeout | undefined;

  constructor(options: ResolvedOptions, log: EventLog, hooks: SupervisorHooks) {
    this.#options = options;
    this.#log = log;
    this.#hooks = hooks;
    this.#plan = launchPlanOf(options);
    this.#state = initialState(policyOf(options), this.#clock.monotonic());
    this.#workerHooks = {
      onMessage: (worker, message) => this.#hear(worker, message),
      onExit: (worker, exit) => this.#exited(worker, exit),
      onRescue: (worker, connections) => this.#rescued(worker, connections),
    };
  }

  get state(): KeeperState {
    return this.#state;
  }

  get workers(): ReadonlyMap<string, WorkerProcess> {
    return this.#workers;
  }

  get counters(): SupervisorCounters {
    return {
      exits: this.#exits,
      rescuedConnections: this.#rescuedConnections,
      busDropped: this.#bus.dropped,
    };
  }

  start(): void {
    this.#ticker = setInterval(() => this.send({ type: 'tick' }), TICK_MS);
    this.send({ type: 'tick' });
  }

  /** Decides on an event and does what follows; what happens meanwhile waits its turn. */
  send(event: PolicyEvent): void {
    if (this.#pending.push(event) > 1) return;
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      const wasServing = this.#state.mode !== 'starting';
      const { state, actions } = decide(this.#state, next, {
        atMs: this.#clock.monotonic(),
        random: Math.random(),
      });
      this.#state = state;
      for (const action of actions) this.#perform(action);
      if (!wasServing && state.mode === 'running') this.#hooks.onServing();
      this.#pending.shift();
    }
  }

  #perform(action: PolicyAction): void {
    switch (action.type) {
      case 'spawn':
        this.#spawn(action.id, action.restarts);
        break;
      case 'drain':
        this.#drain(action);
        break;
      case 'kill':
        this.#workers.get(action.id)?.kill();
        break;
      case 'note':
        this.#log.add(action.code, this.#withPlace(action.data));
        break;
      case 'end':
        clearInterval(this.#ticker);
        this.#hooks.onEnd(action.failure, this.#lastLines);
        break;
    }
  }

  #drain({ id, reason, idleGraceMs, timeoutMs }: Extract<PolicyAction, { type: 'drain' }>): void {
    this.#workers.get(id)?.sender.send({ type: 'drain', reason, idleGraceMs, timeoutMs, autopsy: false });
  }

  #spawn(id: string, restarts: number): void {
    const worker = this.#launch(id, restarts);
    if (worker === undefined) return;
    this.#workers.set(id, worker);
    this.#log.add('WORKER_STARTED', { worker: id, pid: worker.pid });
    if (worker.pid === 0) return;
    const reason = setOomScore(worker.pid, this.#options.limits.oomScoreAdj);
    if (reason !== undefined) this.#log.add('OOM_SCORE_NOT_SET', { worker: id, reason });
  }

  #launch(id: string, restarts: number): WorkerProcess | undefined {
    try {
      return new WorkerProcess(id, restarts, this.#plan, this.#rescue, this.#workerHooks);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      this.send({ type: 'exited', id, exit: { cause: 'NOT_STARTED', exitCode: null, signal: null, reason } });
      return undefined;
    }
  }

  #hear(worker: WorkerProcess, message: WorkerMessage): void {
    const { id } = worker;
    if (this.#workers.get(id) !== worker) return;
    switch (message.type) {
      case 'ready':
        this.send({ type: 'ready', id, info: message.info });
        break;
      case 'status':
        this.send({ type: 'heartbeat', id });
        break;
      case 'failed':
        this.send({ type: 'failed', id, failure: { code: message.code, message: message.message } });
        break;
      case 'drained':
        this.send({ type: 'drained', id, requestsCut: message.requestsCut });
        break;
      case 'replace-me':
        this.send({ type: 'recycle', ids: [id], reason: message.reason });
        break;
      case 'bus':
        this.#bus.relay(worker, message, this.#workers.values(), this.#clock.monotonic());
        break;
    }
  }

  #exited(worker: WorkerProcess, exit: WorkerExit): void {
    const endedFor = this.#state.workers.find(({ id }) => id === worker.id)?.endedFor ?? null;
    const { exitCode, signal, reason, lastLines } = exit;
    const explained: ExitCause =
      reason === null
        ? explainExit(exitCode, signal, lastLines, endedFor)
        : { cause: 'NOT_STARTED', exitCode, signal, reason };
    this.#lastLines = lastLines;
    this.#exits.set(explained.cause, (this.#exits.get(explained.cause) ?? 0) + 1);
    this.send({ type: 'exited', id: worker.id, exit: explained });
    // Its name may be another's by now.
    if (this.#workers.get(worker.id) === worker) this.#workers.delete(worker.id);
  }

  #rescued({ id }: WorkerProcess, connections: number): void {
    if (connections === 0) return;
    this.#rescuedConnections += connections;
    this.#log.add('CONNECTION_RESCUED', { worker: id, connections });
  }

  /** Adds to a note about a worker which process it is and where it listens. */
  #withPlace(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const worker = typeof data.worker === 'string' ? this.#workers.get(data.worker) : undefined;
    return worker === undefined ? data : { ...data, pid: worker.pid, listening: worker.addresses };
  }
}
