import type { Host } from '../host/host.ts';
import type { CgroupMount } from './cgroup-version.ts';

/** What the kernel counted for one control group since it was made: usually since its service was started. */
export interface MemoryGroup {
  /** `/system.slice/shop.service`. */
  readonly path: string;
  /** Processes killed in it at its limit; undefined before Linux 4.13. */
  readonly kills: number | undefined;
  /** Times its hard limit was reached. */
  readonly limitHits: number;
  /** Times a process was slowed down at MemoryHigh; always 0 with version 1. */
  readonly slowed: number;
  /** Whether a group below it was looked at too: what it counts beside them is of services that are gone. */
  readonly isParent: boolean;
}

/** More groups than a small server has. */
const MOST_GROUPS = 512;

/** Those of the paths, and the ones above them, that count anything. */
export async function readMemoryGroups(
  host: Host,
  mount: CgroupMount,
  paths: readonly string[],
): Promise<readonly MemoryGroup[]> {
  const all = [...new Set(paths.flatMap(withParents))].slice(0, MOST_GROUPS);
  const read = await Promise.all(
    all.map((path) => (mount.version === 1 ? readFirst(host, mount, path) : readSecond(host, mount, path))),
  );
  const groups = read.filter((group) => group !== undefined);
  const isAbove = (path: string, other: string) =>
    other !== path && other.startsWith(path === '/' ? '/' : `${path}/`);
  return groups.map((group) => {
    const below = groups.filter(({ path }) => isAbove(group.path, path));
    if (below.length === 0 || mount.version === 1) return { ...group, isParent: below.length > 0 };
    // Version 2 counts a kill in every group above it too: what is left happened in groups that are gone.
    const children = below.filter(({ path }) => !below.some((other) => isAbove(other.path, path)));
    const ofChildren = children.reduce((sum, { kills }) => sum + (kills ?? 0), 0);
    return { ...group, kills: Math.max(0, (group.kills ?? 0) - ofChildren), isParent: true };
  });
}

function withParents(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
}

async function readSecond(host: Host, mount: CgroupMount, path: string) {
  const events = await host.read(`${mount.root}${path === '/' ? '' : path}/memory.events`);
  if (events.kind !== 'value') return undefined;
  const count = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(events.value)?.[1] ?? 0);
  return { path, kills: count('oom_kill'), limitHits: count('max'), slowed: count('high') };
}

async function readFirst(host: Host, mount: CgroupMount, path: string) {
  // The root of version 1 counts for the whole machine, which has a check of its own.
  if (path === '/') return undefined;
  const [failures, control] = await Promise.all([
    host.read(`${mount.root}${path}/memory.failcnt`),
    host.read(`${mount.root}${path}/memory.oom_control`),
  ]);
  if (failures.kind !== 'value') return undefined;
  const kills = control.kind === 'value' ? /^oom_kill (\d+)$/m.exec(control.value)?.[1] : undefined;
  return {
    path,
    kills: kills === undefined ? undefined : Number(kills),
    limitHits: Number.parseInt(failures.value, 10) || 0,
    slowed: 0,
  };
}
