import { type Bytes, type Clock, GiB, MINUTE, type Milliseconds } from '@maque/kit';
import { findMemoryGroup, type MemoryGroup } from './cgroup-membership.ts';
import type { FileReader } from './file-reader.ts';
import { fullStall, soleNumber, statField } from './proc-text.ts';

// A process may be moved and a limit changed, so groups are looked for again this often (60 µs each time).
const SEARCH_EVERY_MS: Milliseconds = MINUTE;

// Kubernetes nests five levels deep. Further ones are not looked at.
const MAX_LEVELS = 8;

// Version 1 writes "no limit" as 2^63 less one page, and no machine has a pebibyte.
const NO_LIMIT: Bytes = 2 ** 20 * GiB;

// The files of each version, and the fields of memory.stat that the kernel takes back when memory is short.
const FILES = {
  1: {
    limits: ['memory.limit_in_bytes'],
    usage: 'memory.usage_in_bytes',
    reclaimable: ['total_inactive_file', 'total_active_file'],
  },
  2: {
    // Above memory.high the kernel slows the group down until nothing in it serves any more.
    limits: ['memory.max', 'memory.high'],
    usage: 'memory.current',
    reclaimable: ['inactive_file', 'active_file', 'slab_reclaimable'],
  },
} as const;

/** The control group that has the least room left. */
export interface GroupReading {
  /** Where its files are. */
  readonly folder: string;
  readonly limit: Bytes;
  /** Usage less what the kernel takes back when memory is short. */
  readonly used: Bytes;
  /** Share of the last ten seconds in which nothing in it could run for lack of memory; null where nobody tells. */
  readonly stall: number | null;
}

interface LimitedLevel {
  readonly folder: string;
  readonly limit: Bytes;
}

/** The tightest limit of the control groups that this process is in. */
export interface GroupLimit {
  readonly version: 1 | 2;
  readonly limit: Bytes;
}

/**
 * Reads the tightest memory limit that applies to this process, its parents' among them: Node's own
 * `process.constrainedMemory()` reads the innermost group only and misses a limit that is set on a slice.
 * @returns null when there is none, or none can be read.
 */
export function readGroupLimit(files: Pick<FileReader, 'readOnce'>): GroupLimit | null {
  const group = memoryGroupOf(files);
  if (group === null) return null;
  const limits = limitedLevels(group, files).map(({ limit }) => limit);
  return limits.length === 0 ? null : { version: group.version, limit: Math.min(...limits) };
}

/** Reads the control group that has the least room left: the process's own or one of its parents. */
export class CgroupReader {
  readonly #files: FileReader;
  readonly #clock: Clock;
  #group: MemoryGroup | null = null;
  #levels: readonly LimitedLevel[] = [];
  #searchedAtMs = Number.NEGATIVE_INFINITY;

  constructor(files: FileReader, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  /** Null when no memory limit applies, or none can be read. Costs 12 µs for one level. */
  read(): GroupReading | null {
    const now = this.#clock.monotonic();
    if (now - this.#searchedAtMs >= SEARCH_EVERY_MS) {
      this.#searchedAtMs = now;
      this.#search();
    }
    let tightest: GroupReading | null = null;
    for (const level of this.#levels) {
      const used = this.#usedBy(level);
      if (used === null) continue;
      if (tightest === null || level.limit - used < tightest.limit - tightest.used) {
        tightest = { ...level, used, stall: this.#stallOf(level) };
      }
    }
    return tightest;
  }

  #search(): void {
    this.#group = memoryGroupOf(this.#files);
    this.#levels = this.#group === null ? [] : limitedLevels(this.#group, this.#files);
  }

  #usedBy(level: LimitedLevel): Bytes | null {
    const files = FILES[this.#group?.version ?? 2];
    const usage = soleNumber(this.#files.read(`${level.folder}/${files.usage}`));
    if (usage === null) return null;
    const stat = this.#files.read(`${level.folder}/memory.stat`) ?? '';
    let used = usage;
    for (const field of files.reclaimable) used -= statField(stat, field) ?? 0;
    return Math.max(0, used);
  }

  /** Only version 2 tells the stalls of one group. */
  #stallOf(level: LimitedLevel): number | null {
    if (this.#group?.version !== 2) return null;
    return fullStall(this.#files.read(`${level.folder}/memory.pressure`) ?? '');
  }
}

/** The memory control group that this process is in at present. */
export function memoryGroupOf(files: Pick<FileReader, 'readOnce'>): MemoryGroup | null {
  return findMemoryGroup(
    files.readOnce('/proc/self/cgroup') ?? '',
    files.readOnce('/proc/self/mountinfo') ?? '',
  );
}

/** The levels that have a limit, from the process's own folder up to the mount point. */
function limitedLevels(group: MemoryGroup, files: Pick<FileReader, 'readOnce'>): LimitedLevel[] {
  const levels: LimitedLevel[] = [];
  let folder = group.folder;
  for (let depth = 0; depth < MAX_LEVELS; depth += 1) {
    const limit = limitOf(folder, group.version, files);
    if (limit < NO_LIMIT) levels.push({ folder, limit });
    if (folder === group.mountPoint) break;
    folder = folder.slice(0, folder.lastIndexOf('/'));
  }
  return levels;
}

/** The tightest limit of one level; infinite where it has none. */
function limitOf(folder: string, version: 1 | 2, files: Pick<FileReader, 'readOnce'>): Bytes {
  const limits = FILES[version].limits.map((file) => soleNumber(files.readOnce(`${folder}/${file}`)));
  return Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY));
}
