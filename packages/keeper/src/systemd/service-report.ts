import {
  type Clock,
  type Language,
  type Milliseconds,
  SECOND,
  say,
  systemClock,
  type Text,
} from '@maque/kit';
import type { KeeperEvent } from '../keeper-events.ts';
import type { KeeperState } from '../policy/model.ts';
import { serviceManagerOf } from './service-manager.ts';
import { SystemdNotifier } from './systemd-notifier.ts';

export interface ServiceReportOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly pid: number;
  readonly language: Language;
  readonly state: () => KeeperState;
  /** Called once, when systemd listens but cannot be told. */
  readonly onFault: (reason: string) => void;
  readonly clock?: Clock;
}

const TEXTS = {
  starting: { en: 'Starting the first worker', zh: '正在启动第一个工作进程' },
  running: { en: '{serving} of {workers} workers serve', zh: '{serving}/{workers} 个工作进程正在服务' },
  stopping: {
    en: 'Finishing requests; workers left: {left}',
    zh: '正在处理完已有请求，剩余工作进程：{left} 个',
  },
} satisfies Record<string, Text>;

// What the policy adds to a worker's deadline (2 s), and the keeper's own way out.
const MARGIN_MS: Milliseconds = 5 * SECOND;

// The keeper looks at its workers four times a second; one that has not for this long does not supervise.
const BLIND_MS: Milliseconds = 5 * SECOND;

/**
 * Tells systemd what the keeper's events mean for the service as a whole. The workers' coming and going is the keeper's
 * own business; only new code or settings are a reload.
 */
export class ServiceReport {
  readonly #options: ServiceReportOptions;
  readonly #notifier: SystemdNotifier;
  #isServing = false;
  #isReloading = false;

  private constructor(options: ServiceReportOptions, notifier: SystemdNotifier) {
    this.#options = options;
    this.#notifier = notifier;
  }

  /** Undefined when no service manager listens (`NOTIFY_SOCKET`). */
  static begin(options: ServiceReportOptions): ServiceReport | undefined {
    const { env, pid, state, onFault, clock = systemClock } = options;
    const manager = serviceManagerOf(env, pid);
    if (manager === undefined) return undefined;
    const isWell = () => clock.monotonic() - state().tickedMs < BLIND_MS;
    return new ServiceReport(options, new SystemdNotifier(manager, { env, isWell, onFault, clock }));
  }

  tell(event: KeeperEvent): void {
    const state = this.#options.state();
    this.#tellChange(event, state.policy);
    this.#notifier.status(statusLine(state, this.#options.language));
  }

  close(): void {
    this.#notifier.close();
  }

  #tellChange({ code }: KeeperEvent, policy: KeeperState['policy']): void {
    const startMs = policy.bootTimeoutMs + policy.probeTimeoutMs + MARGIN_MS;
    const drainMs = policy.drainTimeoutMs + MARGIN_MS;
    switch (code) {
      case 'KEEPER_STARTED':
        this.#notifier.starting(startMs);
        break;
      case 'WORKER_READY':
        if (!this.#isServing) this.#notifier.ready();
        this.#isServing = true;
        break;
      case 'DEPLOY_STARTED':
        this.#reload(policy.workers * (startMs + drainMs + policy.autopsyTimeoutMs));
        break;
      case 'DEPLOY_REFUSED':
        // `systemctl reload` waits for an end, and this is one, unless it came while another was under way.
        if (this.#isReloading || !this.#isServing) break;
        this.#reload(MARGIN_MS);
        this.#endReload();
        break;
      case 'DEPLOY_DONE':
      case 'DEPLOY_FAILED':
        this.#endReload();
        break;
      case 'STOPPING':
        this.#notifier.stopping(drainMs);
        break;
    }
  }

  #reload(withinMs: Milliseconds): void {
    this.#isReloading = true;
    this.#notifier.reloading(withinMs);
  }

  #endReload(): void {
    if (this.#isReloading) this.#notifier.ready();
    this.#isReloading = false;
  }
}

/** The state of a keeper in one line. */
function statusLine({ mode, workers, policy }: KeeperState, language: Language): string {
  if (mode === 'starting') return say(TEXTS.starting, language);
  if (mode !== 'running') return say(TEXTS.stopping, language, { left: workers.length });
  const serving = workers.filter(({ phase }) => phase === 'ready').length;
  return say(TEXTS.running, language, { serving, workers: policy.workers });
}
