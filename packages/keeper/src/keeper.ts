import { dirname, join } from 'node:path';
import type { SystemStatus } from '@maque/contract';
import { ClosingStack, CodedError, inBothLanguages, SettingsError } from '@maque/kit';
import type { RunningAlerts } from './alerts/start-alerts.ts';
import { bootFailed } from './boot-failure.ts';
import {
  CONTROL_ROUTES,
  type ControlActions,
  createControlHandler,
  METRICS_ROUTES,
  type MetricsAnswer,
} from './control/control-routes.ts';
import { listenOnControlSocket } from './control/control-socket.ts';
import { createLazyHttpServer } from './control/lazy-http-server.ts';
import { listenOnMetricsPort } from './control/metrics-port.ts';
import { EventLog } from './event-log.ts';
import { keeperErrors } from './keeper-errors.ts';
import type { KeeperEvent } from './keeper-events.ts';
import { EVENTS_FILE, EventFile } from './logs/event-file.ts';
import { type KeeperOptions, resolveOptions } from './options.ts';
import type { BootFailure } from './policy/model.ts';
import { lowerOwnOomScore } from './process/oom-score.ts';
import type { SnapshotAnswer } from './protocol/messages.ts';
import { handleSignals } from './signals.ts';
import { type StatusSource, systemStatus } from './status/system-status.ts';
import { Supervisor } from './supervisor.ts';
import { ServiceReport } from './systemd/service-report.ts';

/** Keeps workers of one script alive. */
export interface Keeper {
  /**
   * Takes the control socket and the metrics port, starts the first worker and, once it serves, the rest.
   * Resolves when the first one serves.
   * @throws CodedError `KEEPER_RUNNING`, `CONTROL_…`, `METRICS_PORT_UNAVAILABLE`, `BOOT_FAILED` (see
   * `describeBootFailure`), `STOPPED_EARLY`, `ALREADY_STARTED` or, of `alerts`, `ALERT_…`; nothing is left running
   * then.
   */
  start(): Promise<void>;
  /** Lets every worker finish its requests and ends; `immediately` kills. Resolves like `ended`. */
  stop(reason: string, immediately?: boolean): Promise<CodedError | null>;
  /**
   * Replaces one worker, or all one after the other, without losing a request.
   * @returns the workers that will be replaced.
   * @throws CodedError `WORKER_UNKNOWN` or `KEEPER_NOT_SERVING`.
   */
  recycle(worker?: string, reason?: string): readonly string[];
  /**
   * Reads code and settings anew and replaces the workers by such as run them, one after the other, without losing a
   * request. What serves stays until the new one does; events tell how it goes, from `DEPLOY_STARTED` to `DEPLOY_DONE`
   * or `DEPLOY_FAILED`.
   * @param share of the workers, above 0 and up to 1: less than all is a trial, and the next deploy goes on.
   * @returns the number of the new version.
   * @throws CodedError `KEEPER_NOT_SERVING`, `DEPLOY_UNDER_WAY`, `OPTION_INVALID`, `SCRIPT_NOT_FOUND`, or why the settings
   * are wrong; nothing has changed then.
   */
  deploy(share?: number): Promise<number>;
  state(): SystemStatus;
  /** The port that metrics are served on, once started. */
  readonly metricsPort: number | null;
  /** Resolves when everything has ended, with the failure of a start or null. Never rejects. */
  readonly ended: Promise<CodedError | null>;
}

/**
 * Prepares a keeper. One process can have one at a time: node:cluster's settings belong to the process.
 * @throws CodedError `OPTION_INVALID` or `SCRIPT_NOT_FOUND`.
 */
export function createKeeper(options: KeeperOptions): Keeper {
  return new ProcessKeeper(options);
}

// Beside the control socket, in the data folder.
const SNAPSHOT_FOLDER = 'snapshots';

/** In both languages where there are two. */
function textOf(error: unknown): unknown {
  if (error instanceof CodedError) return inBothLanguages((language) => error.messageIn(language));
  if (error instanceof SettingsError) {
    return inBothLanguages((language) => error.linesIn(language).join('; '));
  }
  return error instanceof Error ? error.message : String(error);
}

class ProcessKeeper implements Keeper {
  readonly #options;
  readonly #log: EventLog;
  readonly #supervisor: Supervisor;
  readonly #closing = new ClosingStack();
  readonly #serving = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<CodedError | null>();
  readonly #startedAt = new Date();
  #service: ServiceReport | undefined;
  #metricsPort: number | null = null;
  #alerts: RunningAlerts | undefined;
  #scrape: Promise<MetricsAnswer> | undefined;
  #isStarted = false;

  constructor(options: KeeperOptions) {
    this.#options = resolveOptions(options);
    const path = join(dirname(this.#options.controlSocketPath), EVENTS_FILE);
    const onFault = ({ code, message }: NodeJS.ErrnoException) =>
      this.#log.add('EVENTS_NOT_KEPT', { path, reason: code ?? message });
    this.#log = new EventLog((event) => this.#happened(event), new EventFile(path, { onFault }));
    this.#closing.push('events', () => this.#log.close());
    this.#supervisor = new Supervisor(this.#options, this.#log, {
      onServing: () => this.#serving.resolve(),
      onEnd: (failure, lines) => void this.#end(failure, lines),
    });
    // Whoever starts it awaits it; a keeper that is stopped before has nobody who does.
    this.#serving.promise.catch(() => {});
  }

  get metricsPort(): number | null {
    return this.#metricsPort;
  }

  get ended(): Promise<CodedError | null> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    if (this.#isStarted) throw keeperErrors.ALREADY_STARTED();
    this.#isStarted = true;
    try {
      await this.#open();
    } catch (error) {
      await this.#closing.close();
      this.#ended.resolve(error instanceof CodedError ? error : null);
      throw error;
    }
    lowerOwnOomScore();
    const { exec, workers } = this.#options;
    this.#log.add('KEEPER_STARTED', { pid: process.pid, workers, script: exec });
    this.#supervisor.start();
    await this.#serving.promise;
  }

  stop(reason: string, immediately = false): Promise<CodedError | null> {
    this.#supervisor.send({ type: 'stop', reason, immediately });
    return this.ended;
  }

  recycle(worker?: string, reason = 'asked'): readonly string[] {
    const { mode, workers } = this.#supervisor.state;
    if (mode !== 'running') throw keeperErrors.KEEPER_NOT_SERVING();
    const serving = workers.filter(({ phase }) => phase === 'ready').map(({ id }) => id);
    const ids = worker === undefined ? serving : serving.filter((id) => id === worker);
    if (worker !== undefined && ids.length === 0) throw keeperErrors.WORKER_UNKNOWN({ data: { worker } });
    this.#supervisor.send({ type: 'recycle', ids, reason });
    return ids;
  }

  async deploy(share = 1): Promise<number> {
    this.#assertMayDeploy(share);
    try {
      const launch = await this.#options.reload();
      // Reading takes time, in which another may have begun.
      this.#assertMayDeploy(share);
      return this.#supervisor.deploy(launch, Math.ceil(this.#options.workers * share));
    } catch (error) {
      const reason = textOf(error);
      this.#log.add('DEPLOY_REFUSED', { reason });
      throw error instanceof CodedError
        ? error
        : keeperErrors.DEPLOY_REFUSED({ data: { reason }, cause: error });
    }
  }

  state(): SystemStatus {
    return systemStatus(this.#statusSource());
  }

  #assertMayDeploy(share: number): void {
    if (!(share > 0 && share <= 1)) {
      const expected = 'above 0 and at most 1';
      throw keeperErrors.OPTION_INVALID({ data: { option: 'share', expected, actual: share } });
    }
    const { mode, rollout } = this.#supervisor.state;
    if (mode !== 'running') throw keeperErrors.KEEPER_NOT_SERVING();
    if (rollout?.phase === 'replacing') {
      throw keeperErrors.DEPLOY_UNDER_WAY({ data: { version: rollout.version } });
    }
  }

  async #open(): Promise<void> {
    const actions: ControlActions = {
      state: () => this.state(),
      recycle: (worker) => this.recycle(worker),
      deploy: async (share) => ({ version: await this.deploy(share) }),
      snapshot: (worker) => this.#snapshot(worker),
      stop: (reason) => void this.stop(reason),
      metrics: () => this.#metrics(),
      events: (after) => this.#log.after(after),
    };
    // The control socket is the lock: taken first, given back last.
    const control = createLazyHttpServer(createControlHandler(CONTROL_ROUTES, actions));
    const release = await listenOnControlSocket(control.server, this.#options.controlSocketPath);
    this.#closing.push('control socket', () => control.close().then(release));
    this.#supervisor.endLeftovers();
    const metrics = createLazyHttpServer(createControlHandler(METRICS_ROUTES, actions));
    const { metricsPort: port, metricsPortTries: tries } = this.#options;
    this.#metricsPort = await listenOnMetricsPort(metrics.server, { port, tries });
    this.#closing.push('metrics port', () => metrics.close());
    await this.#startAlerts();
    this.#reportToSystemd();
    if (this.#options.handleSignals) this.#takeSignals();
  }

  #happened(event: KeeperEvent): void {
    this.#service?.tell(event);
    this.#options.onEvent(event);
  }

  async #startAlerts(): Promise<void> {
    const { alerts } = this.#options;
    if (alerts === undefined) return;
    // A keeper that tells nobody does without its code.
    const { startAlerts } = await import('./alerts/start-alerts.ts');
    const running = startAlerts(alerts, { workers: this.#supervisor.workers, log: this.#log });
    this.#alerts = running;
    this.#closing.push('alerts', () => running.stop());
  }

  #reportToSystemd(): void {
    const service = ServiceReport.begin({
      env: process.env,
      pid: process.pid,
      language: this.#options.language,
      state: () => this.#supervisor.state,
      onFault: (reason) => this.#log.add('SYSTEMD_UNREACHABLE', { reason }),
    });
    if (service === undefined) return;
    this.#service = service;
    this.#closing.push('systemd', () => service.close());
  }

  #takeSignals(): void {
    const giveBack = handleSignals({
      stop: (reason, immediately) => void this.stop(reason, immediately),
      // What stands in its way is in the events.
      deploy: () => void this.deploy().catch(() => {}),
    });
    this.#closing.push('signals', giveBack);
  }

  /** @throws CodedError `WORKER_UNKNOWN`. */
  async #snapshot(id: string): Promise<SnapshotAnswer> {
    const worker = this.#supervisor.workers.get(id);
    if (worker === undefined) throw keeperErrors.WORKER_UNKNOWN({ data: { worker: id } });
    this.#supervisor.send({ type: 'snapshot', id, underway: true });
    try {
      return await worker.askSnapshot(join(dirname(this.#options.controlSocketPath), SNAPSHOT_FOLDER));
    } finally {
      // By then its name may be another's.
      if (this.#supervisor.workers.get(id) === worker) {
        this.#supervisor.send({ type: 'snapshot', id, underway: false });
      }
    }
  }

  /** Scrapers that come at once share one round of questions. */
  #metrics(): Promise<MetricsAnswer> {
    this.#scrape ??= this.#renderMetrics().finally(() => {
      this.#scrape = undefined;
    });
    return this.#scrape;
  }

  async #renderMetrics(): Promise<MetricsAnswer> {
    // Loaded when first asked for: a keeper that nobody scrapes does without.
    const { renderMetrics } = await import('./metrics/render-metrics.ts');
    const { counters, box } = this.#supervisor;
    return renderMetrics(this.#statusSource(), counters, box, this.#alerts?.state());
  }

  #statusSource(): StatusSource {
    const { state: policyState, workers } = this.#supervisor;
    const { keeperBudgetBytes, limits } = this.#options;
    const workerBudgetBytes = limits.budgetBytes;
    return { policyState, workers, startedAt: this.#startedAt, keeperBudgetBytes, workerBudgetBytes };
  }

  async #end(failure: BootFailure | null, lines: readonly string[]): Promise<void> {
    await this.#closing.close();
    const error = failure === null ? null : bootFailed(this.#options.exec, failure, lines);
    this.#serving.reject(error ?? keeperErrors.STOPPED_EARLY());
    this.#ended.resolve(error);
  }
}
