import type { Milliseconds } from '@maque/kit';
import type { CodePosition } from '../explain/leak-report.ts';
import type { FrameOwner } from '../explain/stack-frame.ts';

/** From here on a turn of the event loop counts as slow: everybody waits that long for whoever is served. */
export const SLOW_TURN_MS: Milliseconds = 100;

/**
 * What a slow turn was spent on.
 * - `code`: one piece of work; with others, perhaps, that had to wait for it.
 * - `collection`: at least half of it was garbage collection.
 * - `crowd`: many requests were served in one go, none of them for long.
 * - `starved`: the process did not run for most of it: others had the processor, or it was stopped.
 */
export type SlowTurnCause = 'code' | 'collection' | 'crowd' | 'starved';

/** A function that makes turns slow. */
export interface SlowFunction {
  /** The app's function nearest to the work; a package's or Node's where none of the app's was on the stack. */
  readonly at: CodePosition;
  readonly owner: FrameOwner;
  /** The function, of a package or built in, in which most of it was spent; null when it is the function's own code. */
  readonly inside: string | null;
  readonly totalMs: Milliseconds;
  /** Of all these pieces of work, collections left out. */
  readonly share: number;
  /** Slow turns of which it took the most. */
  readonly turns: number;
  /** The most that it took of one. */
  readonly longestMs: Milliseconds;
}

/** What was seen in one time of watching. Plain data. */
export interface SlowTurnsReport {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly watchedMs: Milliseconds;
  readonly turns: number;
  readonly totalMs: Milliseconds;
  readonly longestMs: Milliseconds;
  readonly causes: Readonly<Record<SlowTurnCause, number>>;
  /** Three at most, the slowest first; none below a tenth of the time. */
  readonly functions: readonly SlowFunction[];
  /** How long the process stood still to begin and to end watching. */
  readonly pauseMs: Milliseconds;
}
