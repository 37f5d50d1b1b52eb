import { type Clock, type Milliseconds, SECOND } from '@maque/kit';
import { CgroupReader, type GroupReading } from './cgroup-reader.ts';
import type { FileReader } from './file-reader.ts';
import { type HostReading, readHost } from './host-reader.ts';

/** Memory of what the process shares with others. */
export interface BoxReading extends Pick<HostReading, 'limit' | 'used' | 'stall'> {
  readonly kind: 'cgroup' | 'machine';
}

// What is shared moves slower than a process, and memory.stat of a group with many children makes the kernel sum them. Two
// files take 50 µs where nothing is in a cache. From a quarter left to nothing 2 GiB take 3 s at 170 MB/s.
const READ_EVERY_MS: Milliseconds = SECOND;
const READ_ROOMY_EVERY_MS: Milliseconds = 3 * SECOND;
const ROOMY_SHARE = 0.75;

/**
 * Reads what memory runs out of first, the control group's limit or the machine: at most every three seconds while there is
 * plenty, else once a second.
 */
export function createBoxReader(files: FileReader, clock: Clock): () => BoxReading {
  const groups = new CgroupReader(files, clock);
  let reading: BoxReading | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.monotonic();
    if (reading === null || now - readAtMs >= (isRoomy(reading) ? READ_ROOMY_EVERY_MS : READ_EVERY_MS)) {
      readAtMs = now;
      reading = tighter(groups.read(), readHost(files));
    }
    return reading;
  };
}

/** The one with fewer bytes left. A group that has no measure of stalls of its own shares the machine's. */
export function tighter(group: GroupReading | null, host: HostReading): BoxReading {
  const hostRoom = host.used === null ? Number.POSITIVE_INFINITY : host.limit - host.used;
  if (group === null || hostRoom < group.limit - group.used) {
    return { kind: 'machine', limit: host.limit, used: host.used, stall: host.stall };
  }
  return { kind: 'cgroup', limit: group.limit, used: group.used, stall: group.stall ?? host.stall };
}

function isRoomy({ limit, used, stall }: BoxReading): boolean {
  return used !== null && used < ROOMY_SHARE * limit && (stall ?? 0) === 0;
}
