import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { AlertOptions } from '@maque/guard/alert';
import { type Bytes, MINUTE, MiB, type Milliseconds, SECOND } from '@maque/kit';
import { keeperErrors } from './keeper-errors.ts';
import type { KeeperEvent } from './keeper-events.ts';
import type { Policy } from './policy/model.ts';
import type { OutputMode } from './process/worker-output.ts';
import type { LaunchPlan } from './process/worker-process.ts';

export interface WorkerLimits {
  /** V8's old generation in MiB (`--max-old-space-size`). */
  readonly oldSpaceMb: number;
  /** V8's semi-space in MiB (`--max-semi-space-size`); V8 adds three of them to the old generation. */
  readonly semiSpaceMb: number;
  /** All that one worker may take; shown beside what it takes. */
  readonly budgetBytes: Bytes;
  /** The kernel's `oom_score_adj`, -1000 to 1000: above the keeper's own, so that it kills a worker first. */
  readonly oomScoreAdj: number;
}

export interface KeeperOptions {
  /** The script that every worker runs. */
  readonly exec: string;
  readonly args?: readonly string[];
  /** Further options for Node itself, e.g. `--enable-source-maps`. */
  readonly execArgv?: readonly string[];
  /** Added to the keeper's own environment; what is undefined is taken away from it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly workers: number;
  readonly limits: WorkerLimits;
  /** What the keeper itself may take; shown beside what it takes. */
  readonly keeperBudgetBytes?: Bytes;
  /**
   * The budget has room for one worker more: replacements start before the old worker goes. A lone worker is replaced
   * that way whatever is said here, since nobody else could serve meanwhile; that takes the memory of a second worker
   * from its start until the old one has ended (`drainTimeoutMs` at most, and 2 s).
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
  /** How long a worker may take until it listens. */
  readonly bootTimeoutMs?: Milliseconds;
  /** How long a worker may be silent once it has reported. */
  readonly hangTimeoutMs?: Milliseconds;
  /** How long a worker may take to finish its requests. */
  readonly drainTimeoutMs?: Milliseconds;
  readonly output?: OutputMode;
  readonly onEvent?: (event: KeeperEvent) => void;
  /** Whom to tell when something goes wrong with a worker or the box; nobody unless told. */
  readonly alerts?: AlertOptions | undefined;
  /** Whether SIGTERM, SIGINT and SIGHUP of this process are the keeper's to handle. */
  readonly handleSignals?: boolean;
}

/** Options with nothing left open. */
export type ResolvedOptions = Required<Omit<KeeperOptions, 'preload' | 'onEvent' | 'alerts'>> & {
  readonly alerts?: AlertOptions | undefined;
  readonly preload: string | false;
  readonly onEvent: (event: KeeperEvent) => void;
};

/** @throws CodedError `OPTION_INVALID` or `SCRIPT_NOT_FOUND`. */
export function resolveOptions(options: KeeperOptions): ResolvedOptions {
  const cwd = resolve(options.cwd ?? '.');
  requireRange('workers', options.workers, 1, 64);
  requireRange('limits.oldSpaceMb', options.limits.oldSpaceMb, 1, 1_048_576);
  requireRange('limits.semiSpaceMb', options.limits.semiSpaceMb, 1, 1_024);
  requireRange('limits.oomScoreAdj', options.limits.oomScoreAdj, -1_000, 1_000);
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
    // A cold start on a starved core with a database to migrate.
    bootTimeoutMs: 30 * SECOND,
    // A synchronous second or two is bad style, ten seconds serve nobody.
    hangTimeoutMs: 10 * SECOND,
    // systemd grants 90 s, containers 10 at least; idle connections alone take up to 6.5.
    drainTimeoutMs: 10 * SECOND,
    output: 'inherit',
    onEvent: () => {},
    handleSignals: true,
    ...options,
    cwd,
    exec: findScript(options.exec, cwd),
    preload: preloadOf(options.preload),
  };
  requireRange('metricsPort', resolved.metricsPort, 0, 65_535);
  for (const name of ['bootTimeoutMs', 'hangTimeoutMs', 'drainTimeoutMs'] as const) {
    requireRange(name, resolved[name], 100, 60 * MINUTE);
  }
  return resolved;
}

export function policyOf(options: ResolvedOptions): Policy {
  return {
    workers: options.workers,
    // Drained first, a lone worker leaves a gap in which connections are refused or reset.
    surge: options.surge || options.workers === 1,
    bootTimeoutMs: options.bootTimeoutMs,
    hangTimeoutMs: options.hangTimeoutMs,
    drainTimeoutMs: options.drainTimeoutMs,
    // Node closes an idle connection after 5 s and one more for clients that are late, and tells clients the 5.
    recycleIdleGraceMs: Math.min(6.5 * SECOND, options.drainTimeoutMs),
    // Nobody takes over, so waiting saves nobody; this is for what is already on the wire.
    stopIdleGraceMs: 200,
    stableAfterMs: MINUTE,
    backoffBaseMs: SECOND,
    backoffCapMs: 30 * SECOND,
  };
}

/** The flags that hold a worker to its part of the budget, then what the user added. */
export function launchPlanOf(options: ResolvedOptions): LaunchPlan {
  const { limits, preload, execArgv } = options;
  return {
    exec: options.exec,
    args: options.args,
    execArgv: [
      `--max-old-space-size=${limits.oldSpaceMb}`,
      `--max-semi-space-size=${limits.semiSpaceMb}`,
      ...(preload === false ? [] : ['--import', preload]),
      ...execArgv,
    ],
    env: options.env,
    cwd: options.cwd,
    output: options.output,
  };
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
    return createRequire(join(cwd, 'keeper.js')).resolve(path);
  } catch {
    throw keeperErrors.SCRIPT_NOT_FOUND({ data: { path } });
  }
}

function preloadOf(preload: KeeperOptions['preload']): string | false {
  return preload === false ? false : String(preload ?? import.meta.resolve('@maque/keeper/preload'));
}
