import type { ClosingStack, Milliseconds } from '@maque/kit';
import type { Target } from '../load/connection.ts';

export type StackName = 'lean' | 'recipe' | 'maque';

/** Where and with what a stack is started. */
export interface StackContext {
  /** Empty, for this start alone. */
  readonly folder: string;
  /** The Node binary that the stack runs on. */
  readonly node: string;
  /** Goes before the command of each service; it must end by becoming that command. */
  readonly launcher?: readonly string[];
  /** Takes what must be ended; closed by whoever started the stack, also when starting fails half-way. */
  readonly closing: ClosingStack;
}

/** What the database says was sold since the stack started. */
export interface SalesBooks {
  readonly orders: number;
  readonly quantityOrdered: number;
  readonly stockTaken: number;
}

export interface RunningStack {
  readonly target: Target;
  /** From the start of the process to its first right answer; database and cache were up before. */
  readonly coldStartMs: Milliseconds;
  /** Processes of the service; everything below them belongs to it. */
  readonly serviceRoots: readonly number[];
  /** Processes of the database and the cache. */
  readonly storageRoots: readonly number[];
  readBooks(): Promise<SalesBooks>;
}

/** One way to build the shop. */
export interface Stack<Running extends RunningStack = RunningStack> {
  readonly name: StackName;
  readonly title: string;
  /** What is not installed, each with the command that installs it. */
  missing(): readonly string[];
  start(context: StackContext): Promise<Running>;
}
