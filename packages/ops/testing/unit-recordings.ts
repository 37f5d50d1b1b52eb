import { MiB } from '@maque/kit';
import type { Check, Outcome } from '../src/doctor/check.ts';
import { inspectArguments, LIST_CONTAINERS } from '../src/doctor/facts/containers.ts';
import { RESTART_ARGUMENTS } from '../src/doctor/facts/recent-restarts.ts';
import { SHOW_UNITS } from '../src/doctor/facts/units.ts';
import { Patient } from '../src/doctor/patient.ts';
import { type HostRecording, recordedHost } from './recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from './recorded-process.ts';
import { recordedUnits } from './recorded-units.ts';

export type Units = Parameters<typeof recordedUnits>[0];

export const SHOW = ['systemctl', ...SHOW_UNITS].join(' ');

export const JOURNAL = ['journalctl', ...RESTART_ARGUMENTS].join(' ');

export const NO_BUS: HostRecording = {
  commands: { [SHOW]: { code: 1, stderr: 'Failed to connect to bus: No such file or directory\n' } },
};

export const MEMORY = {
  '/proc/meminfo': `MemTotal: ${1960 * 1024} kB\nMemAvailable: ${900 * 1024} kB\n`,
  '/proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n',
};

export const V2 = {
  '/proc/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime 0 0\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu io memory pids\n',
};

export const inUnit = (unit: string) => `/system.slice/${unit}`;

export const shop: RecordedProcess = {
  pid: 900,
  executable: '/usr/bin/node',
  comm: 'MainThread',
  rssMb: 300,
  cgroup: inUnit('shop.service'),
};

export const shopWorker: RecordedProcess = { ...shop, pid: 901, parent: 900 };

export const nginx: RecordedProcess = {
  pid: 80,
  executable: '/usr/sbin/nginx',
  rssMb: 8,
  cgroup: inUnit('nginx.service'),
};

/** A server with these processes and units. */
export function server(
  processes: readonly RecordedProcess[],
  units: Units,
  files: Readonly<Record<string, string | null>> = {},
  commands: HostRecording['commands'] = {},
): HostRecording {
  const recorded = recordedProcesses(processes);
  return {
    files: { ...recorded.files, ...MEMORY, ...V2, ...files },
    links: recorded.links,
    commands: { ...recordedUnits(units).commands, ...commands },
  };
}

export function kindsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

export async function look(check: Check, recording: HostRecording) {
  return check.look(new Patient(recordedHost(recording)));
}

export function restarting(
  properties: Readonly<Record<string, string>>,
  commands: HostRecording['commands'] = journal('', 1),
): HostRecording {
  return server([shop], { 'shop.service': properties }, { '/proc/uptime': '6000.00 1.0\n' }, commands);
}

export function journal(line: string, times: number): NonNullable<HostRecording['commands']> {
  return { [JOURNAL]: `Started Session 4 of User root.\n${`${line}\n`.repeat(times)}` };
}

export function docker(args: readonly string[]): string {
  return ['docker', ...args].join(' ');
}

/** One container that is well but for what is told. */
export function containers(told: Readonly<Record<string, unknown>>): NonNullable<HostRecording['commands']> {
  const id = '0123456789abcdef'.repeat(4);
  const usual = {
    Id: id,
    Name: '/shop-redis-1',
    Running: true,
    OOMKilled: false,
    ExitCode: 0,
    RestartCount: 0,
    Memory: 300 * MiB,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
  };
  return {
    [docker(LIST_CONTAINERS)]: `${id}\n`,
    [docker(inspectArguments([id]))]: `${JSON.stringify({ ...usual, ...told })}\n`,
  };
}
