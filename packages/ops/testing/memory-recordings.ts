import { HOUR, MiB } from '@maque/kit';
import type { Check, Outcome } from '../src/doctor/check.ts';
import { Patient } from '../src/doctor/patient.ts';
import type { DoctorSample } from '../src/doctor/samples.ts';
import { type HostRecording, recordedHost } from './recorded-host.ts';
import { recordedProcesses } from './recorded-process.ts';

export const NOW_MS = Date.UTC(2026, 4, 1, 12);

export const SWAPS_HEAD = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';

export const NO_SWAP = { '/proc/swaps': SWAPS_HEAD };

export const SWAP_FILE = {
  '/proc/swaps': `${SWAPS_HEAD}/swapfile                               file\t\t1048572\t\t0\t\t-2\n`,
};

export const V2 = {
  '/proc/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
};

export const V1 = {
  '/proc/mounts':
    'tmpfs /sys/fs/cgroup tmpfs ro,nosuid,nodev,noexec,mode=755 0 0\ncgroup /sys/fs/cgroup/systemd cgroup rw,xattr,name=systemd 0 0\ncgroup /sys/fs/cgroup/memory cgroup rw,nosuid,nodev,noexec,relatime,memory 0 0\n',
};

export const node = { pid: 900, executable: '/usr/bin/node', comm: 'MainThread' };

export function memory(lines: Readonly<Record<string, number>> = {}): Record<string, string> {
  const all = { MemTotal: 1960, MemFree: 200, MemAvailable: 900, Cached: 600, ...lines };
  const text = Object.entries(all).map(([name, mb]) => `${name}:${String(mb * 1024).padStart(15)} kB\n`);
  return { '/proc/meminfo': text.join('') };
}

export async function look(check: Check, recording: HostRecording, samples: readonly DoctorSample[] = []) {
  return check.look(new Patient(recordedHost({ nowMs: NOW_MS, ...recording }), samples));
}

export function kindsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

export const none = recordedProcesses([{ pid: 1, executable: '/usr/lib/systemd/systemd' }]);

export const files = (...parts: readonly Readonly<Record<string, string | null | readonly string[]>>[]) => ({
  files: Object.assign({ ...none.files }, ...parts),
});

export function pressure(some: number, full: number): Record<string, string> {
  return {
    '/proc/pressure/memory': `some avg10=0.00 avg60=${some} avg300=${some} total=70194414\nfull avg10=0.00 avg60=${full} avg300=${full} total=43765478\n`,
  };
}

export function withProcesses(
  processes: Parameters<typeof recordedProcesses>[0],
  ...more: readonly Readonly<Record<string, string | null>>[]
): HostRecording {
  const recorded = recordedProcesses(processes);
  return {
    files: Object.assign({ ...none.files }, recorded.files, ...more),
    links: { ...none.links, ...recorded.links },
  };
}

/** One an hour up to now, of one service. */
export function samples(hours: number, sizeMb: (hour: number) => number): readonly DoctorSample[] {
  return Array.from({ length: hours + 1 }, (_, hour) => ({
    atMs: NOW_MS - (hours - hour) * HOUR,
    memoryAvailableBytes: 500 * MiB,
    services: { 'shop.service': sizeMb(hour) * MiB },
    logs: {},
  }));
}
