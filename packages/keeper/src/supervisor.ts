import { dirname, join } from 'node:path';
import { type Clock, type Milliseconds, systemClock } from '@maque/kit';
import type { WatchedWorker } from './box/box-view.ts';
import { isHeapFilling } from './box/heap-track.ts';
import { AttentionDesk } from './duties/attention-desk.ts';
import { AutopsyDuty } from './duties/autopsy-duty.ts';
import { BoxDuty } from './duties/box-duty.ts';
import { DescriptorDuty } from './duties/descriptor-duty.ts';
import { HangDuty } from './duties/hang-duty.ts';
import { PortDuty } from './duties/port-duty.ts';
import { TidyDuty } from './duties/tidy-duty.ts';
import type { EventLog } from './event-log.ts';
import { type LaunchOptions, launchPlanOf, policyOf, type ResolvedOptions } from './options.ts';
import { decide } from './policy/decide.ts';
import { isCalm } from './policy/is-calm.ts';
import {
  type BootFailure,
  FIRST_VERSION,
  initialState,
  type KeeperState,
  type PolicyAction,
  type PolicyEvent,
} from './policy/model.ts';
import { LaunchVersions } from './process/launch-versions.ts';
import { endLeftovers } from './process/leftovers.ts';
import { setOomScore } from './process/oom-score.ts';
import { type PoolCounters, WorkerPool } from './process/worker-pool.ts';
import type { WorkerProcess } from './process/worker-process.ts';

export interface SupervisorHooks {
  /** The first worker ever serves. */
  readonly onServing: () => void;
  /** Nothing lives any more; with the last lines of the worker that failed, if one did. */
  readonly onEnd: (failure: BootFailure | null, lastLines: readonly string[]) => void;
}

// Fine enough for every limit of the policy; while all is calm half as often is, and saves a fifth of an idle keeper's work.
const TICK_MS: Milliseconds = 250;
const CALM_TICK_MS: Milliseconds = 500;

// Beside the control socket, in the data folder.
const HANG_REPORTS = 'hang-reports';

/** Turns what happens to processes into events of the policy, and the policy's actions into deeds. */
export class Supervisor {
  readonly #options: ResolvedOptions;
  readonly #log: EventLog;
  readonly #hooks: SupervisorHooks;
  readonly #clock: Clock = systemClock;
  readonly #versions: LaunchVersions;
  readonly #pool: WorkerPool;
  readonly #box: BoxDuty;
  readonly #hangs: HangDuty;
  readonly #autopsies: AutopsyDuty;
  readonly #attention: AttentionDesk;
  readonly #descriptors = new DescriptorDuty(systemClock, (id) =>
    this.send({ type: 'recycle', ids: [id], reason: 'descriptors' }),
  );
  readonly #ports = new PortDuty(systemClock, {
    onThere: (id) => this.send({ type: 'probed', id, failure: null }),
    onElsewhere: (id, expected) => this.send({ type: 'elsewhere', id, expected }),
  });
  readonly #tidy = new TidyDuty(systemClock);
  readonly #pending: PolicyEvent[] = [];
  #state: KeeperState;
  #ticker: NodeJS.Timeout | undefined;

  constructor(options: ResolvedOptions, log: EventLog, hooks: SupervisorHooks) {
    this.#options = options;
    this.#log = log;
    this.#hooks = hooks;
    this.#versions = new LaunchVersions(launchPlanOf(options, options));
    this.#state = initialState(policyOf(options), this.#clock.monotonic());
    this.#box = new BoxDuty({
      clock: this.#clock,
      log,
      spareFits: options.surge,
      drainTimeoutMs: options.drainTimeoutMs,
      onDemand: (demand) => this.send(demand),
      onEvacuate: ({ worker, withinMs }) => this.send({ type: 'evacuate', id: worker, withinMs }),
      onPressure: (pressure) => {
        for (const { sender } of this.workers.values()) sender.send(pressure);
      },
    });
    const reports = join(dirname(options.controlSocketPath), HANG_REPORTS);
    this.#hangs = new HangDuty(log, { dir: reports, language: options.language });
    this.#autopsies = new AutopsyDuty(log, this.#clock);
    this.#attention = new AttentionDesk(log, this.#clock);
    this.#pool = new WorkerPool(
      {
        onEvent: (event) => this.#happened(event),
        endedFor: (id) => this.#state.workers.find((worker) => worker.id === id)?.endedFor ?? null,
        wasOomKilled: (id) => this.#box.explainKill(id) !== null,
        onRescue: ({ id }, connections) => log.add('CONNECTION_RESCUED', { worker: id, connections }),
        onGone: () => this.endLeftovers(),
        onAttention: ({ id }, matter) => this.#attention.hear(id, matter),
        onAutopsy: ({ id }, summary) => this.#autopsies.found(id, summary),
      },
      this.#clock,
      options.stickySessions,
    );
  }

  get state(): KeeperState {
    return this.#state;
  }

  get workers(): ReadonlyMap<string, WorkerProcess> {
    return this.#pool.workers;
  }

  get box(): Pick<BoxDuty, 'view' | 'level'> {
    return this.#box;
  }

  get counters(): PoolCounters {
    return this.#pool.counters;
  }

  /** Tidies up behind workers that have ended, of this keeper and of earlier ones: whoever asks has the lock. */
  endLeftovers(): void {
    const living = new Set([...this.workers.values()].map(({ pid }) => pid));
    const pids = endLeftovers(this.#options.controlSocketPath, living);
    if (pids.length > 0) this.#log.add('LEFTOVERS_ENDED', { pids: pids.join(', ') });
  }

  start(): void {
    this.#tick();
  }

  /**
   * Brings in new code or settings, worker by worker; what serves stays until they live.
   * @param workers how many are to run it.
   * @returns its version.
   * @throws CodedError `OPTION_INVALID` or `SCRIPT_NOT_FOUND`.
   */
  deploy(launch: LaunchOptions, workers: number): number {
    const serving = this.#state.seats[0]?.version ?? FIRST_VERSION;
    const version = this.#versions.add(launchPlanOf(launch, this.#options), serving);
    const canReturn = this.#versions.differ(serving, version);
    if (this.#state.rollout === null) this.#ports.expect(this.#servedAddresses());
    this.send({ type: 'deploy', version, workers, canReturn });
    return version;
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

  #tick(): void {
    this.send({ type: 'tick' });
    if (this.#state.mode === 'over') return;
    const workers = this.#watched();
    this.#box.look(workers);
    this.#descriptors.look(workers);
    this.#ports.look();
    const calm = !this.#box.isBrisk && isCalm(this.#state, this.#clock.monotonic());
    this.#tidy.look(calm);
    this.#ticker = setTimeout(() => this.#tick(), calm ? CALM_TICK_MS : TICK_MS);
  }

  #watched(): WatchedWorker[] {
    return this.#state.workers.flatMap(({ id, phase }) => {
      const worker = this.workers.get(id);
      if (worker === undefined || worker.pid === 0) return [];
      const { pid, plan, status } = worker;
      return { id, pid, phase, budgetBytes: plan.limits.budgetBytes, status };
    });
  }

  #perform(action: PolicyAction): void {
    switch (action.type) {
      case 'spawn':
        this.#spawn(action.id, action.restarts, action.version);
        break;
      case 'probe':
        this.#probe(action.id);
        break;
      case 'drain':
        this.#drain(action);
        break;
      case 'examine-hang':
        this.#examine(action.id, action.silentMs);
        break;
      case 'kill':
        this.workers.get(action.id)?.kill();
        break;
      case 'note':
        this.#note(action);
        break;
      case 'end':
        clearTimeout(this.#ticker);
        this.#box.close();
        this.#hooks.onEnd(action.failure, this.#pool.lastLines);
        break;
    }
  }

  #drain(drain: Extract<PolicyAction, { type: 'drain' }>): void {
    // At the end nobody takes over, so nobody gains by waiting.
    const usualMs = drain.reason === 'stop' ? undefined : (this.#options.spreadMs ?? undefined);
    const spreadMs = drain.spreadMs ?? usualMs;
    const autopsy = drain.autopsy && this.#mayExamineItself(drain.id);
    this.#pool.drain({ ...drain, autopsy }, spreadMs);
  }

  #mayExamineItself(id: string): boolean {
    const record = this.#state.workers.find((worker) => worker.id === id);
    const { view } = this.#box;
    const seen = view?.workers.find((worker) => worker.id === id);
    if (record === undefined) return false;
    const freeBytes = view === null || view.usedBytes === null ? null : view.limitBytes - view.usedBytes;
    const workerBytes = seen?.growth.bytes ?? 0;
    return this.#autopsies.permits({ id, seat: record.seat, workerBytes, freeBytes });
  }

  #examine(id: string, silentMs: Milliseconds): void {
    const worker = this.workers.get(id);
    if (worker !== undefined) void this.#hangs.examine(worker, silentMs);
  }

  #probe(id: string): void {
    const sender = this.workers.get(id)?.sender;
    sender?.send({ type: 'probe', path: this.#options.probePath });
    if (this.#box.pressure !== undefined) sender?.send(this.#box.pressure);
  }

  #happened(event: PolicyEvent): void {
    if (event.type === 'probed' && event.failure === null && !this.#mayTakeOver(event.id)) return;
    if (event.type === 'exited') {
      this.#autopsies.ended(event.id);
      this.#ports.forget(event.id);
      this.#tidy.workerEnded();
    }
    this.send(event);
    if (event.type === 'heartbeat' && isHeapFilling(this.workers.get(event.id)?.status)) {
      this.#box.lookNow(this.#watched());
    }
  }

  /** New code takes over only where the old one serves. */
  #mayTakeOver(id: string): boolean {
    const { workers, rollout } = this.#state;
    const version = workers.find((worker) => worker.id === id)?.version;
    const worker = this.workers.get(id);
    return worker === undefined || rollout?.version !== version || this.#ports.admits(worker);
  }

  #servedAddresses(): readonly string[] {
    const serving = this.#state.workers.filter(({ phase }) => phase === 'ready');
    return serving.flatMap(({ id }) => this.workers.get(id)?.addresses ?? []);
  }

  #spawn(id: string, restarts: number, version: number): void {
    const plan = this.#versions.plan(version);
    const worker = this.#pool.spawn(id, restarts, plan);
    if (worker === undefined) return;
    this.#log.add('WORKER_STARTED', { worker: id, pid: worker.pid });
    if (worker.pid === 0) return;
    const reason = setOomScore(worker.pid, plan.limits.oomScoreAdj);
    if (reason !== undefined) this.#log.add('OOM_SCORE_NOT_SET', { worker: id, reason });
  }

  /** Adds to a note about a worker which process it is and where it listens, and to one of a failure its last words. */
  #note({ code, data }: Extract<PolicyAction, { type: 'note' }>): void {
    const worker = typeof data.worker === 'string' ? this.workers.get(data.worker) : undefined;
    const place = worker === undefined ? {} : { pid: worker.pid, listening: worker.addresses };
    const words = code === 'DEPLOY_FAILED' ? { lines: this.#pool.lastLines } : {};
    this.#log.add(code, { ...data, ...place, ...words });
  }
}
