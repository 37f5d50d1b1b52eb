import type { Bytes, Milliseconds, Text } from '@maque/kit';

export const AUTOPSY_VERDICTS = ['leaking', 'growing', 'healthy', 'unknown'] as const;
export const AUTOPSY_POOLS = ['heap', 'external', 'native'] as const;

/**
 * `leaking`: it grows and goes to its limit. `growing`: it grows, slowly or not for sure. `healthy`: nothing grows.
 * `unknown`: too early to say.
 */
export type AutopsyVerdict = (typeof AUTOPSY_VERDICTS)[number];
export type AutopsyPool = (typeof AUTOPSY_POOLS)[number];

/** What a worker found out about its own memory after its last request; plain JSON of 8 KiB at most, no users' data. */
export interface AutopsySummary {
  readonly verdict: AutopsyVerdict;
  /** Whether two full collections say so; otherwise it is a forecast. */
  readonly isConfirmed: boolean;
  /** What grows; null when nothing does. */
  readonly pool: AutopsyPool | null;
  readonly bytesPerSecond: number | null;
  /** What lives of it after a full collection, and what it can grow to. */
  readonly liveBytes: Bytes | null;
  readonly limitBytes: Bytes | null;
  /** What to look at first; null where nothing can be named. */
  readonly route: string | null;
  readonly place: string | null;
  /** Where the leak report lies as JSON, with the same as Markdown beside it; null when none was written. */
  readonly reportFile: string | null;
  readonly snapshotFile: string | null;
  /** Why no snapshot was taken; null when one was, or none was wanted. */
  readonly snapshotRefusal: Text | null;
  /** The finding and what the report names, a line each. */
  readonly firstLines: Text;
  /** How long the process stood still, and how long all of it took. */
  readonly pauseMs: Milliseconds;
  readonly tookMs: Milliseconds;
}

/** Characters of each kind of text; what is longer is cut. */
export const AUTOPSY_TEXT_LIMITS = {
  route: 200,
  place: 300,
  file: 1_000,
  reason: 400,
  lines: 1_000,
} as const;
