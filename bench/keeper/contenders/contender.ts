import type { Bytes, Milliseconds } from '@maque/kit';
import type { Target } from '../../load/connection.ts';
import type { StackContext } from '../../stacks/stack.ts';

export const CONTENDER_NAMES = ['maque', 'pm2', 'watt', 'cluster'] as const;
export type ContenderName = (typeof CONTENDER_NAMES)[number];

/** What a supervisor told of one thing that happened. */
export interface NewsItem {
  /** Epoch milliseconds. */
  readonly atMs: Milliseconds;
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A way to replace the workers; resolves when the last one is replaced. */
export type Replace = () => Promise<void>;

/** A supervisor that keeps two workers of the service. What it cannot do at all is absent. */
export interface RunningContender {
  readonly target: Target;
  /** The supervisor; everything below it is the service. */
  readonly rootPid: number;
  /** The processes that can serve, without the supervisor; empty when its workers are threads. */
  workerPids(): readonly number[];
  /** @throws Error with the end of what it printed when the supervisor has ended. */
  assertRunning(): void;
  readonly recycle?: Replace;
  /** Puts a new release of the code in place and has it taken over. */
  readonly deploy?: (release: string) => Promise<void>;
  readonly changeSettings?: Replace;
  /** Everything that the supervisor tells programs of what happened, since it started. */
  readonly news?: () => Promise<readonly NewsItem[]>;
  /** How full the heap of the fullest worker is, by what survived its last full collection, 0 to 1. */
  readonly fullestHeap?: () => Promise<number | null>;
  /** The folder of reports on leaks. */
  readonly leakReports?: string;
}

export interface ContenderContext extends StackContext {
  /** What all of it may take. */
  readonly memory: Bytes;
  /** A mark in the environment of everything that is started, to find what was left behind. */
  readonly mark: string;
}

export interface Contender {
  readonly name: ContenderName;
  readonly title: string;
  /** What is not installed, each with the command that installs it. */
  missing(): readonly string[];
  start(context: ContenderContext): Promise<RunningContender>;
}

/** The goals are stated for two. */
export const WORKERS = 2;

/** Of a contender's folder: where its supervisor writes what it writes. */
export const STATE_FOLDER = 'state';

/** How long a supervisor gets to let a worker finish; all of them get the same. */
export const DRAIN_TIMEOUT_MS: Milliseconds = 10_000;

/** The environment variable that carries the mark. */
export const MARK_ENV = 'KEEPER_BENCH_MARK';
