import type { Clock, Milliseconds } from '@maque/kit';
import { BusRelay } from '../bus/bus-relay.ts';
import type { EndedFor, PolicyAction, PolicyEvent } from '../policy/model.ts';
import type { WorkerMessage } from '../protocol/messages.ts';
import { workerFacts } from '../status/worker-facts.ts';
import { StickyConnections } from '../sticky/sticky-connections.ts';
import { ConnectionRescue } from './connection-rescue.ts';
import { type ExitCause, type ExitCauseCode, explainExit } from './exit-cause.ts';
import type { LaunchPlan } from './launch-plan.ts';
import { type WorkerExit, type WorkerHooks, WorkerProcess } from './worker-process.ts';

export interface WorkerPoolHooks {
  /** What happened to a worker, for the policy to decide on. */
  readonly onEvent: (event: PolicyEvent) => void;
  /** Why the keeper is ending a worker; null when it is not. */
  readonly endedFor: (id: string) => EndedFor | null;
  /** Whether it was the kernel that killed a worker, for want of memory; asked once for each that SIGKILL ended. */
  readonly wasOomKilled: (id: string) => boolean;
  readonly onRescue: (worker: WorkerProcess, connections: number) => void;
  /** A worker has ended; those that replace it may live by now. */
  readonly onGone: () => void;
  /** What an operator has to see to, as a worker says. */
  readonly onAttention: (
    worker: WorkerProcess,
    matter: { readonly code: string; readonly message: string },
  ) => void;
  /** What a worker found when it examined itself: not to be trusted. */
  readonly onAutopsy: (worker: WorkerProcess, summary: unknown) => void;
}

/** What a keeper counts over its life. */
export interface PoolCounters {
  readonly exits: ReadonlyMap<ExitCauseCode, number>;
  readonly rescuedConnections: number;
  readonly busDropped: { readonly rate: number; readonly slow: number };
}

/** The processes that live: starts them, speaks to them, and turns what they say and how they end into events. */
export class WorkerPool {
  readonly #hooks: WorkerPoolHooks;
  readonly #clock: Clock;
  readonly #workers = new Map<string, WorkerProcess>();
  readonly #rescue: ConnectionRescue;
  readonly #bus = new BusRelay();
  readonly #exits = new Map<ExitCauseCode, number>();
  readonly #workerHooks: WorkerHooks;
  #rescuedConnections = 0;
  #lastLines: readonly string[] = [];

  constructor(hooks: WorkerPoolHooks, clock: Clock, stickySessions: boolean) {
    this.#hooks = hooks;
    this.#rescue = stickySessions ? new StickyConnections() : new ConnectionRescue();
    this.#clock = clock;
    this.#workerHooks = {
      onMessage: (worker, message) => this.#hear(worker, message),
      onExit: (worker, exit) => this.#exited(worker, exit),
      onRescue: (worker, connections) => this.#rescued(worker, connections),
    };
  }

  get workers(): ReadonlyMap<string, WorkerProcess> {
    return this.#workers;
  }

  /** The last lines of stderr of the worker that ended last. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  get counters(): PoolCounters {
    return {
      exits: this.#exits,
      rescuedConnections: this.#rescuedConnections,
      busDropped: this.#bus.dropped,
    };
  }

  /** @returns the worker; undefined when the system refused, which comes back as its exit. */
  spawn(id: string, restarts: number, plan: LaunchPlan): WorkerProcess | undefined {
    try {
      const worker = new WorkerProcess(id, restarts, plan, this.#rescue, this.#workerHooks);
      this.#workers.set(id, worker);
      return worker;
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      const exit: ExitCause = { cause: 'NOT_STARTED', exitCode: null, signal: null, reason };
      this.#hooks.onEvent({ type: 'exited', id, exit });
      return undefined;
    }
  }

  drain(
    { id, type: _type, ...drain }: Extract<PolicyAction, { type: 'drain' }>,
    spreadMs: Milliseconds | undefined,
  ): void {
    this.#workers.get(id)?.sender.send({ type: 'drain', ...drain, spreadMs });
  }

  #hear(worker: WorkerProcess, message: WorkerMessage): void {
    const { id } = worker;
    if (this.#workers.get(id) !== worker) return;
    const { onEvent } = this.#hooks;
    switch (message.type) {
      case 'ready':
        onEvent({ type: 'ready', id, info: message.info });
        break;
      case 'probed':
        onEvent({ type: 'probed', id, failure: message.failure });
        break;
      case 'status':
        onEvent({ type: 'heartbeat', id, facts: workerFacts(message.status) });
        break;
      case 'failed':
        onEvent({ type: 'failed', id, failure: { code: message.code, message: message.message } });
        break;
      case 'drained':
        onEvent({ type: 'drained', id, requestsCut: message.requestsCut });
        break;
      case 'replace-me':
        onEvent({ type: 'recycle', ids: [id], reason: message.reason });
        break;
      case 'attention':
        this.#hooks.onAttention(worker, message);
        break;
      case 'autopsy':
        this.#hooks.onAutopsy(worker, message.summary);
        break;
      case 'bus':
        this.#bus.relay(worker, message, this.#workers.values(), this.#clock.monotonic());
        break;
    }
  }

  #exited(worker: WorkerProcess, exit: WorkerExit): void {
    const { lastLines } = exit;
    const explained = this.#explain(worker.id, exit);
    this.#lastLines = lastLines;
    this.#exits.set(explained.cause, (this.#exits.get(explained.cause) ?? 0) + 1);
    this.#hooks.onEvent({ type: 'exited', id: worker.id, exit: explained });
    // Its name may be another's by now.
    if (this.#workers.get(worker.id) === worker) this.#workers.delete(worker.id);
    this.#hooks.onGone();
  }

  #explain(id: string, { exitCode, signal, reason, lastLines }: WorkerExit): ExitCause {
    if (reason !== null) return { cause: 'NOT_STARTED', exitCode, signal, reason };
    const explained = explainExit(exitCode, signal, lastLines, this.#hooks.endedFor(id));
    if (explained.cause !== 'KILLED' || !this.#hooks.wasOomKilled(id)) return explained;
    return { ...explained, cause: 'OOM_KILLED' };
  }

  #rescued(worker: WorkerProcess, connections: number): void {
    if (connections === 0) return;
    this.#rescuedConnections += connections;
    this.#hooks.onRescue(worker, connections);
  }
}
