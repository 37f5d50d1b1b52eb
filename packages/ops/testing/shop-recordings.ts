import type { Check, Outcome } from '../src/doctor/check.ts';
import { Patient } from '../src/doctor/patient.ts';
import type { DoctorSample } from '../src/doctor/samples.ts';
import { type HostRecording, recordedHost } from './recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from './recorded-process.ts';

export const NOW = Date.UTC(2026, 4, 1);

export const shop: RecordedProcess = {
  pid: 900,
  executable: '/usr/bin/node',
  cgroup: '/system.slice/shop.service',
};

/** A server with these processes, the first of which runs in /srv/shop. */
export function server(
  processes: readonly RecordedProcess[],
  files: HostRecording['files'] = {},
  more: Omit<HostRecording, 'files'> = {},
): HostRecording {
  const recorded = recordedProcesses(processes);
  return {
    ...more,
    files: { ...recorded.files, ...files },
    links: { ...recorded.links, [`/proc/${processes[0]?.pid}/cwd`]: '/srv/shop', ...more.links },
  };
}

export async function look(
  check: Check,
  recording: HostRecording,
  samples: readonly DoctorSample[] = [],
): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording), samples));
}

export async function kinds(check: Check, recording: HostRecording): Promise<readonly string[]> {
  return (await look(check, recording)).map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}
