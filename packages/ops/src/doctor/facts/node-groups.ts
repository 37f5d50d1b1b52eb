import type { Bytes } from '@maque/kit';
import type { Host } from '../host/host.ts';
import type { CgroupMount } from './cgroup-version.ts';
import { readGroupLimit } from './group-limit.ts';
import type { MemoryRoom } from './memory-room.ts';
import type { NodeProcess } from './node-processes.ts';

/** The Node apps that share one limit: those of a unit, a container, or of the box where there is none. */
export interface NodeGroup {
  readonly name: string;
  readonly apps: readonly NodeProcess[];
  /** Hard limit of the unit, slice or container; null where there is none. */
  readonly limitBytes: Bytes | null;
  /** What they can have: the limit, else what they have and what is available. */
  readonly roomBytes: Bytes;
  /** What each of them takes for the machine's memory when it chooses its heap. */
  readonly seenBytes: Bytes;
}

export async function groupNodeApps(
  host: Host,
  mount: CgroupMount | undefined,
  room: MemoryRoom,
  processes: readonly NodeProcess[],
): Promise<readonly NodeGroup[]> {
  const apps = processes.filter(({ role }) => role === 'app');
  const groups = Map.groupBy(apps, ({ service }) => service);
  return Promise.all(
    [...groups].map(async ([service, members]) => {
      const path = members[0]?.process.cgroup ?? null;
      const limit = mount === undefined || path === null ? null : await readGroupLimit(host, mount, path);
      const limitBytes = limit !== null && limit < room.totalBytes ? limit : null;
      return {
        name: service.name,
        apps: members,
        limitBytes,
        roomBytes: limitBytes ?? Math.min(room.totalBytes, room.availableBytes + service.memoryBytes),
        seenBytes: limitBytes ?? room.totalBytes,
      };
    }),
  );
}
