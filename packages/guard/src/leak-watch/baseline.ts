import type { Bytes, Milliseconds } from '@maque/kit';
import { HOUR, MINUTE, MiB } from '@maque/kit';
import { POOLS, type Pool } from '../detect/verdict.ts';

/** What earlier runs of one version of an app have shown. */
export interface VersionRecord {
  readonly version: string;
  /** When it was last seen, ms since the epoch. */
  readonly seenAtMs: number;
  /** How long it has been watched without a leak in any pool. */
  readonly wellMs: Milliseconds;
  /** Levels at which the pools were well. */
  readonly settled: Readonly<Partial<Record<Pool, Bytes>>>;
  /** Pools that were found leaking, and how fast. */
  readonly leaks: Readonly<Partial<Record<Pool, { readonly bytesPerSecond: number }>>>;
}

/** What can be said of the running version by what others have shown. */
export interface ReleaseComparison {
  readonly version: string;
  /** The version that ran before this one; null when none is known. */
  readonly previous: string | null;
  /** Pools that leak in this version and did not in the one before, though that was watched for long enough. */
  readonly newLeaks: readonly Pool[];
}

// About 300 bytes each as JSON.
export const MAX_VERSIONS = 10;
// A version that was well for this long would have shown a leak that this one shows within minutes.
const LONG_ENOUGH_MS: Milliseconds = 30 * MINUTE;
// Further above the usual level than this is no noise of measuring.
const LEVEL_MARGIN: Bytes = MiB;

/**
 * The levels to expect: what this version has shown itself, else the latest version that was well. A version that leaked
 * says nothing of the pool in which it did.
 */
export function expectedLevels(
  records: readonly VersionRecord[],
  version: string,
): Readonly<Partial<Record<Pool, Bytes>>> {
  const own = records.filter((record) => record.version === version);
  const others = records.filter((record) => record.version !== version);
  const levels: Partial<Record<Pool, Bytes>> = {};
  for (const pool of POOLS) {
    const level = [...own, ...latestFirst(others)].find(
      ({ settled, leaks }) => settled[pool] !== undefined && leaks[pool] === undefined,
    )?.settled[pool];
    if (level !== undefined) levels[pool] = level + LEVEL_MARGIN;
  }
  return levels;
}

export function compareReleases(
  records: readonly VersionRecord[],
  version: string,
  leaking: readonly Pool[],
): ReleaseComparison {
  const previous = latestFirst(records).find((record) => record.version !== version);
  const isTold = previous !== undefined && previous.wellMs >= LONG_ENOUGH_MS;
  return {
    version,
    previous: previous?.version ?? null,
    newLeaks: isTold ? leaking.filter((pool) => previous.leaks[pool] === undefined) : [],
  };
}

/** The records with what was learnt since they were read; other processes of the app may have written in between. */
export function withLearnt(
  records: readonly VersionRecord[],
  learnt: VersionRecord,
): readonly VersionRecord[] {
  const known = records.find(({ version }) => version === learnt.version);
  const others = records.filter(({ version }) => version !== learnt.version);
  const joined: VersionRecord = {
    version: learnt.version,
    seenAtMs: learnt.seenAtMs,
    wellMs: (known?.wellMs ?? 0) + learnt.wellMs,
    settled: { ...known?.settled, ...learnt.settled },
    leaks: { ...known?.leaks, ...learnt.leaks },
  };
  return latestFirst([joined, ...others]).slice(0, MAX_VERSIONS);
}

function latestFirst(records: readonly VersionRecord[]): readonly VersionRecord[] {
  return [...records].sort((a, b) => b.seenAtMs - a.seenAtMs);
}

/** Longer than any run is believed to last: ten years. */
const MOST_WELL_MS: Milliseconds = 10 * 365 * 24 * HOUR;

/** Reads what a file holds; anything that is not as it was written is left out, whole records at a time. */
export function readRecords(content: unknown): readonly VersionRecord[] {
  const versions = objectOf(content)?.versions;
  if (!Array.isArray(versions)) return [];
  return versions.slice(0, MAX_VERSIONS).flatMap((each) => {
    const record = readRecord(objectOf(each));
    return record === null ? [] : [record];
  });
}

function readRecord(fields: Fields | null): VersionRecord | null {
  const seenAtMs = numberOf(fields?.seenAtMs, Number.MAX_SAFE_INTEGER);
  const wellMs = numberOf(fields?.wellMs, MOST_WELL_MS);
  const version = fields?.version;
  if (typeof version !== 'string' || seenAtMs === null || wellMs === null) return null;
  const settled: Partial<Record<Pool, Bytes>> = {};
  const leaks: Partial<Record<Pool, { bytesPerSecond: number }>> = {};
  for (const pool of POOLS) {
    const level = numberOf(objectOf(fields?.settled)?.[pool], Number.MAX_SAFE_INTEGER);
    if (level !== null) settled[pool] = level;
    const bytesPerSecond = numberOf(
      objectOf(objectOf(fields?.leaks)?.[pool])?.bytesPerSecond,
      Number.MAX_SAFE_INTEGER,
    );
    if (bytesPerSecond !== null) leaks[pool] = { bytesPerSecond };
  }
  return { version, seenAtMs, wellMs, settled, leaks };
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function numberOf(value: unknown, most: number): number | null {
  return typeof value === 'number' && value >= 0 && value <= most ? value : null;
}
