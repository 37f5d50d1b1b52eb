import type { Bytes } from '@maque/kit';
import type { ProcessFacts } from './processes.ts';
import { type Program, programName, programOf } from './program.ts';

/** Processes that live and die together: those of a unit, of a container, or of one program outside of both. */
export interface ServiceFacts {
  /** `nginx.service`, `container 0123456789ab`, or `node`. */
  readonly name: string;
  /** Null in a container, in a login session, and where there is no systemd. */
  readonly unit: string | null;
  /** The first 12 digits of a container's id. */
  readonly container: string | null;
  readonly processes: readonly ProcessFacts[];
  readonly programs: ReadonlySet<Program>;
  readonly memoryBytes: Bytes;
}

/** Largest first. */
export function listServices(processes: readonly ProcessFacts[]): readonly ServiceFacts[] {
  const groups = Map.groupBy(processes, (process) => nameOf(process));
  return [...groups]
    .map(([name, members]) => ({
      name,
      unit: unitOf(members[0]?.cgroup ?? null),
      container: containerOf(members[0]?.cgroup ?? null),
      processes: members,
      programs: new Set(members.map(programOf)),
      memoryBytes: members.reduce((sum, process) => sum + memoryOf(process), 0),
    }))
    .sort((one, other) => other.memoryBytes - one.memoryBytes);
}

/** Its share of pages that several have, where that may be read: summed RSS overstates by 40 to 95 % (measured). */
export function memoryOf({ pssBytes, rssBytes }: ProcessFacts): Bytes {
  return pssBytes ?? rssBytes;
}

/**
 * The service of a path such as `/system.slice/shop.service/worker`. What a user's own manager runs below `user@0.service`
 * is that one's, which is what the system can be told about.
 */
export function unitOf(cgroup: string | null): string | null {
  if (containerOf(cgroup) !== null) return null;
  return cgroup?.split('/').find((part) => part.endsWith('.service')) ?? null;
}

/** `/docker/<64 digits>`, `/system.slice/docker-<64 digits>.scope`, `…/cri-containerd-<64 digits>.scope`. */
export function containerOf(cgroup: string | null): string | null {
  return /[/-]([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:\/|$)/.exec(cgroup ?? '')?.[1] ?? null;
}

function nameOf(process: ProcessFacts): string {
  const container = containerOf(process.cgroup);
  if (container !== null) return `container ${container}`;
  return unitOf(process.cgroup) ?? programName(process);
}
