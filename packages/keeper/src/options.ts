import { realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { AlertOptions } from '@maque/guard/alert';
import { PLANNED_OLD_SPACE_ENV } from '@maque/guard/box';
import {
  type Bytes,
  DAY,
  type Language,
  languageFrom,
  MINUTE,
  MiB,
  type Milliseconds,
  SECOND,
} from '@maque/kit';
import { keeperErrors } from './keeper-errors.ts';
import type { KeeperEvent } from './keeper-events.ts';
import type { Policy } from './policy/model.ts';
import type { LaunchPlan, WorkerLimits } from './process/launch-plan.ts';
import type { OutputMode } from './process/worker-output.ts';
import { CONTROL_SOCKET_ENV } from './protocol/worker-env.ts';
import { STICKY_ENV } from './sticky/session-message.ts';
import { keptFromWorkers } from './systemd/service-manager.ts';

export type { WorkerLimits } from './process/launch-plan.ts';

/** What a worker is started with, and what a deploy may change. */
export interface LaunchOptions {
  /** The script that every worker runs. */
  readonly exec: string;
  readonly args?: readonly string[];
  /** Further options for Node itself, e.g. `--enable-source-maps`. */
  readonly execArgv?: readonly string[];
  /** Added to the keeper's own environment; what is undefined is taken away from it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A symbolic link in it, such as `current`, is followed anew with each deploy. */
  readonly cwd?: string;
  readonly limits: WorkerLimits;
}

export interface KeeperOptions extends LaunchOptions {
  /**
   * Reads what workers are to be started with once more, for a deploy; the same as before unless told.
   * @throws CodedError why nothing can be deployed.
   */
  readonly reload?: (() => Promise<LaunchOptions>) | undefined;
  readonly workers: number;
  /** What the keeper itself may take; shown beside what it takes. */
  readonly keeperBudgetBytes?: Bytes;
  /**
   * The budget has room for one worker more: replacements start before the old worker goes. What the box has left at the
   * moment says more than a plan for the worst, where it can be measured. A lone worker is replaced that way in any case,
   * since nobody else could serve meanwhile; that takes the memory of a second worker from its start until the old one has
   * ended (`drainTimeoutMs` at most, and 2 s).
   */
  readonly surge?: boolean;
  /**
   * The module that speaks for apps that know nothing of the keeper: it says when they listen, reports their memory
   * and drains their servers. `false` for scripts that use the worker link themselves.
   */
  readonly preload?: string | URL | false;
  readonly controlSocketPath: string;
  /** On loopback; 0 takes any free one. */
  readonly metricsPort?: number;
  /** How many ports from there on may be taken instead where that one is another's. */
  readonly metricsPortTries?: number;
  /** How long a worker may take until it listens. */
  readonly bootTimeoutMs?: Milliseconds;
  /** Where a worker that says it is ready must answer 200 to 399 before it is believed; null for any answer anywhere. */
  readonly probePath?: string | null;
  readonly probeTimeoutMs?: Milliseconds;
  /** How long a worker that has reported may be silent until it is asked where it hangs. */
  readonly hangNoticeMs?: Milliseconds;
  /** How long it may be silent until it is killed. */
  readonly hangTimeoutMs?: Milliseconds;
  /** How long a worker that leaks may examine itself after its last request; 0 for not at all. */
  readonly autopsyTimeoutMs?: Milliseconds;
  /** Replaces workers that leak and will very probably run out of memory within half an hour, at a quiet moment. */
  readonly recycleLeaks?: boolean;
  /** Replaces workers of this age, or with so many requests behind them; null for never. */
  readonly maxAgeMs?: Milliseconds | null;
  readonly maxRequests?: number | null;
  /** How long a worker may take to finish its requests. */
  readonly drainTimeoutMs?: Milliseconds;
  /** Gives all connections of one session of Socket.IO to the worker that began it; needed for HTTP long-polling only. */
  readonly stickySessions?: boolean;
  /** Over how long WebSockets and event streams of a replaced worker are closed; null for as long as idle connections stay. */
  readonly spreadMs?: Milliseconds | null;
  readonly output?: OutputMode;
  /** Of reports for people. */
  readonly language?: Language;
  readonly onEvent?: (event: KeeperEvent) => void;
  /** Whom to tell when something goes wrong with a worker or the box; nobody unless told. */
  readonly alerts?: AlertOptions | undefined;
  /** Whether SIGTERM, SIGINT and SIGHUP of this process are the keeper's to handle. */
  readonly handleSignals?: boolean;
}

/** Options with nothing left open. */
export type ResolvedOptions = Required<Omit<KeeperOptions, 'preload' | 'onEvent' | 'alerts' | 'reload'>> & {
  readonly reload: () => Promise<LaunchOptions>;
  readonly alerts?: AlertOptions | undefined;
  readonly preload: string | false;
  readonly onEvent: (event: KeeperEvent) => void;
};

/** @throws CodedError `OPTION_INVALID` or `SCRIPT_NOT_FOUND`. */
export function resolveOptions(options: KeeperOptions): ResolvedOptions {
  const cwd = resolve(options.cwd ?? '.');
  requireRange('workers', options.workers, 1, 64);
  requireLimits(options.limits);
  const resolved: ResolvedOptions = {
    args: [],
    execArgv: [],
    env: {},
    // Bare Node 26 is 44 MiB resident, most of it shared pages of its own file; the goal is 50 for ever.
    keeperBudgetBytes: 50 * MiB,
    // Only a plan knows that the budget has room for one more.
    surge: false,
    // Beside the app's usual 8080.
    metricsPort: 8081,
    metricsPortTries: 1,
    // A cold start on a starved core with a database to migrate.
    bootTimeoutMs: 30 * SECOND,
    probePath: null,
    probeTimeoutMs: 10 * SECOND,
    // Heartbeats come every second. Who looks after two finds where a block of three hangs.
    hangNoticeMs: 2 * SECOND,
    // A synchronous second or two is bad style, ten seconds serve nobody.
    hangTimeoutMs: 10 * SECOND,
    // A collection takes a second at most, a snapshot that is small enough to be taken some ten.
    autopsyTimeoutMs: 45 * SECOND,
    spreadMs: null,
    recycleLeaks: true,
    // Age is no reason to die: what leaks is found by its leak.
    maxAgeMs: null,
    maxRequests: null,
    // systemd grants 90 s, containers 10 at least; idle connections alone take up to 6.5.
    drainTimeoutMs: 10 * SECOND,
    // The keeper reads the first bytes of each connection then, which costs it about as much again as accepting it.
    stickySessions: false,
    output: 'inherit',
    onEvent: () => {},
    handleSignals: true,
    language: languageFrom(process.env.MAQUE_LANG),
    ...options,
    cwd,
    exec: findScript(options.exec, cwd),
    preload: preloadOf(options.preload),
    reload: options.reload ?? (async () => options),
  };
  requireRange('metricsPort', resolved.metricsPort, 0, 65_535);
  requireRange('metricsPortTries', resolved.metricsPortTries, 1, 1_000);
  for (const name of PATIENCE) requireRange(name, resolved[name], 100, 60 * MINUTE);
  requireRange('autopsyTimeoutMs', resolved.autopsyTimeoutMs, 0, 10 * MINUTE);
  if (resolved.spreadMs !== null) requireRange('spreadMs', resolved.spreadMs, 0, 60 * MINUTE);
  if (resolved.maxAgeMs !== null) requireRange('maxAgeMs', resolved.maxAgeMs, MINUTE, 366 * DAY);
  if (resolved.maxRequests !== null) requireRange('maxRequests', resolved.maxRequests, 100, 1e12);
  return resolved;
}

const PATIENCE = [
  'bootTimeoutMs',
  'probeTimeoutMs',
  'hangNoticeMs',
  'hangTimeoutMs',
  'drainTimeoutMs',
] as const;

export function policyOf(options: ResolvedOptions): Policy {
  return {
    workers: options.workers,
    surge: options.surge,
    bootTimeoutMs: options.bootTimeoutMs,
    probeTimeoutMs: options.probeTimeoutMs,
    hangNoticeMs: options.hangNoticeMs,
    hangTimeoutMs: options.hangTimeoutMs,
    drainTimeoutMs: options.drainTimeoutMs,
    autopsyTimeoutMs: options.autopsyTimeoutMs,
    recycleLeaks: options.recycleLeaks,
    maxAgeMs: options.maxAgeMs,
    maxRequests: options.maxRequests,
    // Node closes an idle connection after 5 s and one more for clients that are late, and tells clients the 5.
    recycleIdleGraceMs: Math.min(6.5 * SECOND, options.drainTimeoutMs),
    // Nobody takes over, so waiting saves nobody; this is for what is already on the wire.
    stopIdleGraceMs: 200,
    stableAfterMs: MINUTE,
    backoffBaseMs: SECOND,
    backoffCapMs: 30 * SECOND,
  };
}

// Should it hang, its inspector is opened by a signal: on loopback, anywhere, and told to the keeper alone.
const INSPECTABLE = ['--inspect-port=127.0.0.1:0', '--inspect-publish-uid=stderr'];

/**
 * What a worker is launched with: where everything really lies at this moment, the flags that hold it to its part of the
 * budget, then what the user added.
 * @throws CodedError `OPTION_INVALID` or `SCRIPT_NOT_FOUND`.
 */
export function launchPlanOf(
  launch: LaunchOptions,
  {
    preload,
    output,
    stickySessions,
    controlSocketPath,
  }: Pick<ResolvedOptions, 'preload' | 'output' | 'stickySessions' | 'controlSocketPath'>,
): LaunchPlan {
  const { limits, execArgv = [], args = [], env = {} } = launch;
  requireLimits(limits);
  const cwd = realFolder(resolve(launch.cwd ?? '.'));
  return {
    exec: findScript(launch.exec, cwd),
    args,
    execArgv: [
      `--max-old-space-size=${limits.oldSpaceMb + (limits.heapReserveMb ?? 0)}`,
      `--max-semi-space-size=${limits.semiSpaceMb}`,
      ...(execArgv.some((flag) => flag.startsWith('--inspect')) ? [] : INSPECTABLE),
      ...(preload === false ? [] : ['--import', preload]),
      ...execArgv,
    ],
    env: {
      ...keptFromWorkers,
      ...env,
      [CONTROL_SOCKET_ENV]: resolve(controlSocketPath),
      [PLANNED_OLD_SPACE_ENV]: String(limits.oldSpaceMb),
      ...(stickySessions ? { [STICKY_ENV]: 'yes' } : {}),
    },
    cwd,
    output,
    limits,
  };
}

function requireLimits(limits: WorkerLimits): void {
  requireRange('limits.oldSpaceMb', limits.oldSpaceMb, 1, 1_048_576);
  requireRange('limits.heapReserveMb', limits.heapReserveMb ?? 0, 0, 1_048_576);
  requireRange('limits.semiSpaceMb', limits.semiSpaceMb, 1, 1_024);
  requireRange('limits.oomScoreAdj', limits.oomScoreAdj, -1_000, 1_000);
}

/** Where a folder really lies, or the path as it is: a worker that cannot enter it says so. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function requireRange(option: string, actual: number, min: number, max: number): void {
  if (Number.isSafeInteger(actual) && actual >= min && actual <= max) return;
  throw keeperErrors.OPTION_INVALID({
    data: { option, expected: `a whole number from ${min} to ${max}`, actual },
  });
}

/** Finds the script as Node would, so that `server` means `server.js` here too. */
function findScript(exec: string, cwd: string): string {
  const path = resolve(cwd, exec);
  try {
    // Node's resolver remembers where a link led, and a deploy is when it leads elsewhere.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return realpathSync(path);
    return createRequire(join(cwd, 'keeper.js')).resolve(path);
  } catch {
    throw keeperErrors.SCRIPT_NOT_FOUND({ data: { path } });
  }
}

function preloadOf(preload: KeeperOptions['preload']): string | false {
  return preload === false ? false : String(preload ?? import.meta.resolve('@maque/keeper/preload'));
}
