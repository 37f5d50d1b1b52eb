import { type Clock, type Milliseconds, SECOND } from '@maque/kit';
import { CgroupReader, type GroupReading } from './cgroup-reader.ts';
import type { FileReader } from './file-reader.ts';
import { type HostReading, readHost } from './host-reader.ts';

/** Memory of what the process shares with others. */
export interface BoxReading extends Pick<HostReading, 'limit' | 'used' | 'stall'> {
  readonly kind: 'cgroup' | 'machine';
}

// What is shared moves slower than a process, and memory.stat of a group with many children makes the kernel sum them.
const READ_EVERY_MS: Milliseconds = SECOND;

/** Reads, at most once a second, what memory runs out of first: the control group's limit or the machine. */
export function createBoxReader(files: FileReader, clock: Clock): () => BoxReading {
  const groups = new CgroupReader(files, clock);
  let reading: BoxReading | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.monotonic();
    if (reading === null || now - readAtMs >= READ_EVERY_MS) {
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
