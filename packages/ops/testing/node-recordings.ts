import type { Check, Outcome } from '../src/doctor/check.ts';
import { Patient } from '../src/doctor/patient.ts';
import { type HostRecording, recordedHost } from './recorded-host.ts';
import { type RecordedProcess, recordedProcesses } from './recorded-process.ts';

export const UNIT = '/system.slice/shop.service';

export const SECRET = 'geheim-8d2f';

export const BOX = {
  '/proc/meminfo': `MemTotal: ${1960 * 1024} kB\nMemAvailable: ${900 * 1024} kB\n`,
  '/proc/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n',
  '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids\n',
  '/proc/stat': 'cpu  1 2 3 4\ncpu0 1 2 3 4\ncpu1 1 2 3 4\nintr 5\n',
  '/usr/include/node/node_version.h':
    '#define NODE_MAJOR_VERSION 24\n#define NODE_MINOR_VERSION 21\n#define NODE_PATCH_VERSION 0\n',
};

/** `node FLAGS /srv/shop/main.js` in a unit. */
export function app(flags: readonly string[] = [], more: Partial<RecordedProcess> = {}): RecordedProcess {
  return {
    pid: 900,
    executable: '/usr/bin/node',
    comm: 'MainThread',
    commandLine: ['/usr/bin/node', ...flags, '/srv/shop/main.js', `--token=${SECRET}`],
    environment: { NODE_ENV: 'production', DB_PASSWORD: SECRET },
    cgroup: UNIT,
    rssMb: 150,
    ...more,
  };
}

export function host(processes: readonly RecordedProcess[], more: HostRecording = {}): HostRecording {
  const { files, links } = recordedProcesses(processes);
  return { ...more, files: { ...BOX, ...files, ...more.files }, links: { ...links, ...more.links } };
}

/** As somebody sees it who is not root. */
export function closed(process: RecordedProcess, more: HostRecording = {}): HostRecording {
  const { pid } = process;
  const denied = { [`/proc/${pid}/environ`]: null };
  const links = { [`/proc/${pid}/exe`]: null, [`/proc/${pid}/cwd`]: null };
  return host([process], {
    ...more,
    files: { '/usr/include/node/node_version.h': null, ...denied, ...more.files },
    links: { ...links, ...more.links },
  });
}

export function look(check: Check, recording: HostRecording): Promise<readonly Outcome[]> {
  return check.look(new Patient(recordedHost(recording)));
}

export function kindsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => (one.kind === 'finding' ? one.severity : one.kind));
}

export const NOTHING: HostRecording = {
  files: { '/proc/1/status': 'Name:\tinit\n', '/proc/1/cmdline': 'init\0' },
};
