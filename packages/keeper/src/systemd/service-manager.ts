import type { Milliseconds } from '@maque/kit';

/** What systemd says to a service of `Type=notify` or `notify-reload` (sd_notify(3), sd_watchdog_enabled(3)). */
export interface ServiceManager {
  /** A path, or `@` and a name that is in no folder. */
  readonly notifySocket: string;
  /** Silence after which systemd takes this process for hung; null when nobody watches it. */
  readonly watchdogMs: Milliseconds | null;
}

/**
 * Variables that no worker gets: with them a library in it could tell systemd that the whole service is ready, stops
 * or lives.
 */
export const keptFromWorkers = {
  NOTIFY_SOCKET: undefined,
  WATCHDOG_USEC: undefined,
  WATCHDOG_PID: undefined,
};

/** Undefined when no service manager listens. */
export function serviceManagerOf(env: NodeJS.ProcessEnv, pid: number): ServiceManager | undefined {
  const { NOTIFY_SOCKET: notifySocket, WATCHDOG_USEC: microseconds, WATCHDOG_PID: watched } = env;
  // Virtual machines have `vsock:…`, which is for their init process.
  if (notifySocket === undefined || !/^[/@]./.test(notifySocket)) return undefined;
  const isWatched = watched === undefined || watched === String(pid);
  const watchdogMs = Number(microseconds) / 1_000;
  return { notifySocket, watchdogMs: isWatched && watchdogMs > 0 ? watchdogMs : null };
}
